namespace Entrypoint.Sources.VersionControl;

/// <summary>What a program's output says about its failure.</summary>
/// <param name="Words">The line that says it.</param>
internal sealed record FailureMatch(FailureKind Kind, string Words)
{
    /// <summary>
    /// Looks for known phrases, in the order of the table, because one failure often leads to others that say less ("could not read from
    /// remote repository").
    /// </summary>
    /// <param name="text">All that was printed.</param>
    /// <param name="phrases">What is looked for, without regard to case.</param>
    /// <param name="prefixes">How the lines begin that name a failure, the best last.</param>
    public static FailureMatch Find(string text, IReadOnlyList<(string Phrase, FailureKind Kind)> phrases, params ReadOnlySpan<string> prefixes)
    {
        var lines = text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var (phrase, kind) in phrases)
        {
            if (Array.FindLast(lines, line => line.Contains(phrase, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return new FailureMatch(kind, found);
            }
        }

        foreach (var prefix in prefixes)
        {
            var wanted = prefix;
            if (Array.FindLast(lines, line => line.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return new FailureMatch(FailureKind.Other, found);
            }
        }

        return new FailureMatch(FailureKind.Other, lines.LastOrDefault() ?? "");
    }

    /// <summary>What OpenSSH says, whatever program it carries.</summary>
    public static IEnumerable<(string Phrase, FailureKind Kind)> OfSsh { get; } =
    [
        ("Host key verification failed", FailureKind.HostKey),
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", FailureKind.HostKey),
        ("Permission denied (", FailureKind.Denied),
        ("Permission denied, please try again", FailureKind.Denied),
        ("Too many authentication failures", FailureKind.Denied),
        ("Could not resolve hostname", FailureKind.Network),
        ("kex_exchange_identification", FailureKind.Network),
        ("Connection closed by", FailureKind.Network),
    ];

    /// <summary>What the C library says when a connection cannot be made or is lost.</summary>
    public static IEnumerable<(string Phrase, FailureKind Kind)> OfNetwork { get; } =
    [
        ("Could not resolve", FailureKind.Network),
        ("Name or service not known", FailureKind.Network),
        ("Temporary failure in name resolution", FailureKind.Network),
        ("No address associated with hostname", FailureKind.Network),
        ("nodename nor servname", FailureKind.Network),
        ("Connection refused", FailureKind.Network),
        ("Connection timed out", FailureKind.Network),
        ("Operation timed out", FailureKind.Network),
        ("Connection reset", FailureKind.Network),
        ("Connection aborted", FailureKind.Network),
        ("Network is unreachable", FailureKind.Network),
        ("No route to host", FailureKind.Network),
        ("Broken pipe", FailureKind.Network),
    ];

    /// <summary>What this machine's disk can say.</summary>
    public static IEnumerable<(string Phrase, FailureKind Kind)> OfDisk { get; } =
    [
        ("No space left on device", FailureKind.Disk),
        ("Disk quota exceeded", FailureKind.Disk),
        ("Read-only file system", FailureKind.Disk),
    ];
}

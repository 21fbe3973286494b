using System.Text.RegularExpressions;

namespace Entrypoint.Sources.VersionControl;

/// <summary>What a program's output says about its failure.</summary>
/// <param name="Words">The lines that say it, as the program wrote them.</param>
internal sealed partial record FailureMatch(FailureKind Kind, string Words)
{
    /// <summary>How many lines are shown at most beside the one that decides, and how long each may be.</summary>
    private const int MostExplanations = 3;
    private const int LongestLine = 400;

    /// <summary>Lines that stand below every failure and say nothing about it.</summary>
    private static readonly string[] Noise =
    [
        "fatal: Could not read from remote repository", "Please make sure you have the correct access rights", "and the repository exists",
        "fatal: the remote end hung up unexpectedly", "Cloning into", "Warning: Permanently added", "warning: redirecting to",
        "warning: You appear to have cloned", "Fetching submodule", "Submodule '", "Submodule path '", "hint:", "abort: no suitable response from remote hg",
        "Failed to clone '", "(check previous remote output)", "svn: E170013: Unable to connect to a repository",
    ];

    /// <summary>How lines begin, or what they hold, that tell the reason behind the one that decides.</summary>
    private static readonly string[] Explaining =
    [
        "remote:", "ERROR:", "are too open", "Load key ", "no such identity", "Bad owner or permissions", "No user exists for uid",
        "no matching host key type", "no matching key exchange", "no matching cipher", "batch response:", "Offending ", "Error downloading object",
    ];

    /// <summary>
    /// Looks for known phrases, in the order of the table, because one failure often leads to others that say less ("could not read from
    /// remote repository"). What the server or <c>ssh</c> said besides is put in front.
    /// </summary>
    /// <param name="text">All that was printed.</param>
    /// <param name="phrases">What is looked for, without regard to case.</param>
    /// <param name="prefixes">How the lines begin that name a failure, the best last.</param>
    public static FailureMatch Find(string text, IReadOnlyList<(string Phrase, FailureKind Kind)> phrases, params ReadOnlySpan<string> prefixes)
    {
        var all = text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] lines = [.. all.Where(line => !Progress().IsMatch(line) && line.Trim('@', ' ').Length > 0 && line != "remote:")];
        foreach (var (phrase, kind) in phrases)
        {
            // A server's full disk is not this machine's.
            if (Array.FindLast(lines, line => line.Contains(phrase, StringComparison.OrdinalIgnoreCase) && (kind != FailureKind.Disk || !IsServers(line))) is { } found)
            {
                return new FailureMatch(kind, Explained(lines, found));
            }
        }

        foreach (var prefix in prefixes)
        {
            var wanted = prefix;
            if (Array.FindLast(lines, line => line.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) && !IsNoise(line)) is { } found)
            {
                return new FailureMatch(FailureKind.Other, Explained(lines, found));
            }
        }

        // No line that is known: the last that are no noise, for ssh prints what the server said as it came.
        string[] said = [.. lines.Where(line => !IsNoise(line)).TakeLast(MostExplanations)];
        return new FailureMatch(FailureKind.Other, said.Length > 0 ? Join(said) : lines.LastOrDefault() ?? "");
    }

    private static string Explained(string[] lines, string found)
    {
        var explanations = lines.Where(line => line != found && Explaining.Any(mark => line.Contains(mark, StringComparison.Ordinal)))
            .Distinct(StringComparer.Ordinal)
            .TakeLast(MostExplanations)
            .ToList();
        return explanations.Count == 0 ? Short(found) : Join(IsNoise(found) ? explanations : [.. explanations, found]);
    }

    private static string Join(IEnumerable<string> lines) => string.Join("; ", lines.Select(line => Short(line).TrimEnd('.')));

    private static string Short(string line) => line.Length <= LongestLine ? line : line[..LongestLine] + "…";

    private static bool IsServers(string line) => line.StartsWith("remote:", StringComparison.Ordinal);

    private static bool IsNoise(string line) => Noise.Any(noise => line.StartsWith(noise, StringComparison.Ordinal));

    [GeneratedRegex(@"^(remote: )?((Enumerating|Counting|Compressing|Receiving|Resolving|Writing|Updating|Filtering|Unpacking) [a-z]+:|Total [0-9])")]
    private static partial Regex Progress();

    /// <summary>What OpenSSH says, whatever program it carries.</summary>
    public static IEnumerable<(string Phrase, FailureKind Kind)> OfSsh { get; } =
    [
        ("No user exists for uid", FailureKind.NoUser),
        ("cannot run ssh", FailureKind.SshMissing),
        ("ssh: not found", FailureKind.SshMissing),
        ("ssh: command not found", FailureKind.SshMissing),
        ("exec of 'ssh' failed", FailureKind.SshMissing),
        ("Don't know how to handle SSH connections", FailureKind.SshMissing),
        ("no matching host key type", FailureKind.Other),
        ("Unable to negotiate with", FailureKind.Other),
        ("Host key verification failed", FailureKind.HostKey),
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", FailureKind.HostKey),
        ("SAML SSO", FailureKind.Denied),
        ("deploy key", FailureKind.Denied),
        ("Permission denied (", FailureKind.Denied),
        ("Permission denied, please try again", FailureKind.Denied),
        ("Too many authentication failures", FailureKind.Denied),
        ("This account is currently not available", FailureKind.Denied),
        ("Could not resolve hostname", FailureKind.Network),
        ("kex_exchange_identification", FailureKind.Network),
        ("Connection closed by", FailureKind.Network),
    ];

    /// <summary>What the C library and the TLS libraries say when a connection cannot be made or is lost.</summary>
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
        ("SSL_ERROR_SYSCALL", FailureKind.Network),
        ("SSL_ERROR_ZERO_RETURN", FailureKind.Network),
        ("non-properly terminated", FailureKind.Network),
        ("gnutls_handshake() failed: Error in the pull function", FailureKind.Network),
        ("Error in the pull function", FailureKind.Network),
        ("unexpected eof", FailureKind.Network),
        ("UNEXPECTED_EOF_WHILE_READING", FailureKind.Network),
        ("EOF occurred in violation of protocol", FailureKind.Network),
        ("TLS/SSL connection has been closed", FailureKind.Network),
        ("handshake operation timed out", FailureKind.Network),
    ];

    /// <summary>What this machine's disk can say.</summary>
    public static IEnumerable<(string Phrase, FailureKind Kind)> OfDisk { get; } =
    [
        ("No space left on device", FailureKind.Disk),
        ("Disk quota exceeded", FailureKind.Disk),
        ("Read-only file system", FailureKind.Disk),
    ];

    /// <summary>What proxies say that want a password.</summary>
    public static IEnumerable<(string Phrase, FailureKind Kind)> OfProxy { get; } =
    [
        ("returned error: 407", FailureKind.Proxy),
        ("HTTP code 407", FailureKind.Proxy),
        ("response 407", FailureKind.Proxy),
        ("HTTP Error 407", FailureKind.Proxy),
        ("Proxy Authentication Required", FailureKind.Proxy),
        ("407 Proxy", FailureKind.Proxy),
    ];
}

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// The five parts of a URL, split the way Python's <c>urlsplit</c> does it, which pip's syntax is defined by; <see cref="Uri"/> would
/// normalise, decode and refuse what pip takes.
/// </summary>
/// <param name="Scheme">In lower case; empty where there is none.</param>
/// <param name="Authority">User information, host and port; null where there is no <c>//</c>.</param>
internal sealed record UrlParts(string Scheme, string? Authority, string Path, string? Query, string? Fragment)
{
    /// <summary>The host and port of <see cref="Authority"/>, or empty.</summary>
    public string Host => Authority is null ? "" : Authority[(Authority.LastIndexOf('@') + 1)..];

    /// <summary>The part of <see cref="Authority"/> before its last <c>@</c>; null where there is none.</summary>
    public string? UserInformation => Authority?.LastIndexOf('@') is { } at and >= 0 ? Authority[..at] : null;

    public static UrlParts Split(string url)
    {
        var scheme = "";
        var rest = url;
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && char.IsAsciiLetter(url[0]) && url.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0)
        {
            scheme = url[..colon].ToLowerInvariant();
            rest = url[(colon + 1)..];
        }

        string? authority = null;
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var end = rest.AsSpan(2).IndexOfAny('/', '?', '#') is var found and >= 0 ? found + 2 : rest.Length;
            authority = rest[2..end];
            rest = rest[end..];
        }

        (rest, var fragment) = Cut(rest, '#');
        (rest, var query) = Cut(rest, '?');
        return new UrlParts(scheme, authority, rest, query, fragment);
    }

    /// <summary>Puts the parts together again, without the fragment.</summary>
    public string Join() =>
        (Scheme.Length > 0 ? Scheme + ":" : "") + (Authority is null ? "" : "//" + Authority) + Path + (string.IsNullOrEmpty(Query) ? "" : "?" + Query);

    private static System.Buffers.SearchValues<char> SchemeCharacters { get; } =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static (string Before, string? After) Cut(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);
}

using Entrypoint.Failures;
using Entrypoint.Output;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// A URL in pip's VCS syntax: <c>vcs+scheme://user:password@host/path@revision#subdirectory=path</c>, taken apart
/// (https://pip.pypa.io/en/stable/topics/vcs-support/). What it prints is masked.
/// </summary>
/// <param name="Given">The reference as given, before <c>${NAME}</c> was replaced, as it may be shown.</param>
/// <param name="Vcs">git, hg, svn or bzr.</param>
/// <param name="Scheme">The scheme below the VCS, in lower case: https, ssh, file and so on.</param>
/// <param name="Repository">The repository's URL with user and password, without revision and fragment.</param>
/// <param name="Revision">The revision asked for; null for the default one.</param>
/// <param name="Subdirectory">The folder or file of the tree that is meant, without leading slashes or dots; null for its root.</param>
internal sealed record VcsUrl(SafeAddress Given, string Vcs, string Scheme, Secret Repository, string? Revision, string? Subdirectory)
    : CodeReference(Given)
{
    /// <summary>
    /// The repository's URL as its program takes it, without user and password; but with the user where SSH needs it, which is no secret. A
    /// query is in it, which prints masked.
    /// </summary>
    public required Secret Address { get; init; }

    /// <summary>Host and port, or empty.</summary>
    public required string Host { get; init; }

    /// <summary>The user name, decoded; null where there is none. A lone token is a user name too.</summary>
    public Secret? UserName { get; init; }

    /// <summary>The password, decoded; null where there is none (empty where there is a colon only).</summary>
    public Secret? Password { get; init; }

    /// <summary>Whether the repository is spoken to over HTTP.</summary>
    public bool IsHttp => Scheme is "http" or "https" or "static-http";

    /// <summary>Whether a <c>ssh</c> program carries the connection.</summary>
    public bool IsSsh => Scheme is "ssh" or "sftp";

    /// <summary>Whether the text is meant as a VCS URL: whether it begins with the name of a VCS and a plus sign, in any case.</summary>
    public static bool IsMeant(string text) =>
        text.IndexOf('+', StringComparison.Ordinal) is var plus and > 0 && text[..plus].ToLowerInvariant() is "git" or "hg" or "svn" or "bzr";

    /// <summary>Reads a URL (after <c>${NAME}</c> has been replaced).</summary>
    /// <exception cref="EntrypointException">65: malformed or unsafe.</exception>
    public static VcsUrl Parse(SafeAddress given, string url) => new VcsUrlParser(given, url).Parse();

    /// <summary>The URL as it may be shown.</summary>
    public override string ToString() =>
        $"{Vcs}+{Repository}{(Revision is null ? "" : "@" + Revision)}{(Subdirectory is null ? "" : "#subdirectory=" + Subdirectory)}";
}

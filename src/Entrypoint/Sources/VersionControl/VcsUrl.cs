using Entrypoint.Reporting;

namespace Entrypoint.Sources.VersionControl;

/// <summary>A URL in pip's VCS syntax: <c>vcs+scheme://host/path@revision#subdirectory=path</c>.</summary>
/// <param name="Given">The reference as given.</param>
/// <param name="Vcs">git, hg, svn or bzr.</param>
/// <param name="Repository">The repository's URL as its program takes it.</param>
/// <param name="Revision">The revision asked for; null for the default one.</param>
/// <param name="Subdirectory">The part of the tree that is meant, without leading slashes; null for its root.</param>
internal sealed record VcsUrl(string Given, string Vcs, Secret Repository, string? Revision, string? Subdirectory) : CodeReference(Given)
{
    /// <summary>Whether the text is meant as a VCS URL: whether it begins with the name of a VCS and a plus sign, in any case.</summary>
    public static bool IsMeant(string text) =>
        text.IndexOf('+', StringComparison.Ordinal) is var plus and > 0 && text[..plus].ToLowerInvariant() is "git" or "hg" or "svn" or "bzr";

    /// <summary>Reads a URL (after <c>${NAME}</c> has been replaced).</summary>
    /// <exception cref="EntrypointException">65: malformed or unsafe.</exception>
    public static VcsUrl Parse(string given, string url) =>
        throw new EntrypointException(ExitCode.Unavailable, $"Code from version control is not built yet: {given} ({url.Length} characters).");
}

using LibGit2Sharp;

namespace Entrypoint.Sources.VersionControl;

/// <summary>What libgit2's messages mean.</summary>
internal static class GitLibraryFailures
{
    private static readonly (string Phrase, FailureKind Kind)[] Phrases =
    [
        .. FailureMatch.OfDisk,
        ("is not owned by current user", FailureKind.Owner),
        ("no match for id", FailureKind.NoRevision),
        ("asks for a user name", FailureKind.Denied),
        ("refused the user name", FailureKind.Denied),
        ("authentication", FailureKind.Denied),
        ("status code: 401", FailureKind.Denied),
        ("status code: 403", FailureKind.Denied),
        ("certificate", FailureKind.Certificate),
        ("status code: 404", FailureKind.NoRepository),
        ("status code: 410", FailureKind.NoRepository),
        ("not exported", FailureKind.NoRepository),
        ("failed to resolve path", FailureKind.NoRepository),
        ("could not find repository", FailureKind.NoRepository),
        ("unsupported URL protocol", FailureKind.NoRepository),
        .. FailureMatch.OfNetwork,
        ("failed to resolve address", FailureKind.Network),
        ("failed to connect", FailureKind.Network),
        ("status code: 5", FailureKind.Network),
        ("early EOF", FailureKind.Network),
        ("unexpected EOF", FailureKind.Network),
        ("connection", FailureKind.Network),
        ("socket", FailureKind.Network),
    ];

    /// <summary>Finds the reason of a failure.</summary>
    public static FetchFailureException Explain(LibGit2SharpException exception)
    {
        var (kind, words) = FailureMatch.Find(exception.Message, Phrases);
        return new FetchFailureException(kind, words);
    }
}

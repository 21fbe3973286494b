namespace Entrypoint.Sources.VersionControl;

/// <summary>What the <c>git</c> program's messages mean.</summary>
internal static class GitFailures
{
    private static readonly (string Phrase, FailureKind Kind)[] Phrases =
    [
        .. FailureMatch.OfDisk,
        ("dubious ownership", FailureKind.Owner),
        ("' not allowed", FailureKind.Unsafe),
        ("Protocol \"http\" ", FailureKind.Unsafe),
        ("Project not found", FailureKind.NoRepository),
        ("The project you were looking for", FailureKind.NoRepository),
        ("Repository or object not found", FailureKind.NoRepository),
        ("LFS budget", FailureKind.Denied),
        ("data quota", FailureKind.Denied),
        ("Authorization error:", FailureKind.Denied),
        ("batch response: Authentication required", FailureKind.Denied),
        .. FailureMatch.OfSsh,
        .. FailureMatch.OfProxy,
        ("Authentication failed", FailureKind.Denied),
        ("could not read Username", FailureKind.Denied),
        ("could not read Password", FailureKind.Denied),
        ("returned error: 401", FailureKind.Denied),
        ("returned error: 403", FailureKind.Denied),
        ("certificate problem", FailureKind.Certificate),
        ("Problem with the SSL CA cert", FailureKind.Certificate),
        ("error setting certificate", FailureKind.Certificate),
        ("certificate verification failed", FailureKind.Certificate),
        ("certificate subject name", FailureKind.Certificate),
        ("SSL: no alternative certificate", FailureKind.Certificate),
        ("couldn't find remote ref", FailureKind.NoRevision),
        ("not our ref", FailureKind.NoRevision),
        ("did not contain", FailureKind.NoRevision),
        ("does not appear to be a git repository", FailureKind.NoRepository),
        ("repository not exported", FailureKind.NoRepository),
        ("Repository not found", FailureKind.NoRepository),
        ("not valid: is this a git repository", FailureKind.NoRepository),
        ("fatal: repository '", FailureKind.NoRepository),
        ("no such repository", FailureKind.NoRepository),
        ("returned error: 404", FailureKind.NoRepository),
        ("returned error: 410", FailureKind.NoRepository),
        .. FailureMatch.OfNetwork,
        ("unable to look up", FailureKind.Network),
        ("Failed to connect", FailureKind.Network),
        ("unable to connect", FailureKind.Network),
        ("Empty reply from server", FailureKind.Network),
        ("transfer closed", FailureKind.Network),
        ("RPC failed", FailureKind.Network),
        ("returned error: 5", FailureKind.Network),
        ("returned error: 429", FailureKind.Network),
        ("Recv failure", FailureKind.Network),
        ("recv error", FailureKind.Network),
        ("Server error: http", FailureKind.Network),
        ("unexpected disconnect", FailureKind.Network),
        ("early EOF", FailureKind.Network),
        ("the remote end hung up unexpectedly", FailureKind.Network),
    ];

    /// <summary>Finds the reason of a failure.</summary>
    public static FailureMatch Find(string text)
    {
        var found = FailureMatch.Find(text, Phrases, "fatal:", "error:");
        return found.Words.Contains("Protocol \"http\" ", StringComparison.Ordinal)
            ? found with { Words = $"it redirects from https to http, where anybody on the way could change the code ({found.Words})" }
            : found;
    }
}

using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Makes the one line of a failed fetch: what, on what, why in the tool's own words, and what to do; with the exit code that fits.</summary>
internal static class VcsFailures
{
    /// <param name="display">The URL as it may be shown.</param>
    public static EntrypointException Explain(FetchFailureException failure, VcsUrl url, string display, FetchContext context)
    {
        var words = context.Secrets.Hide(failure.Message).TrimEnd('.');
        var (code, message) = failure.Part is { } part ? OfPart(failure.Kind, part, display, words, context) : OfWhole(failure.Kind, url, display, words, context);
        return new EntrypointException(code, message, failure);
    }

    private static (ExitCode Code, string Message) OfWhole(FailureKind kind, VcsUrl url, string display, string words, FetchContext context) => kind switch
    {
        FailureKind.NoRepository => (ExitCode.NoInput, $"There is no {url.Vcs} repository at {display}: {words}. Check the URL."),
        FailureKind.NoRevision when url.Revision is null => (ExitCode.NoInput, $"There is nothing to fetch from {display}: {words}."),
        FailureKind.NoRevision => (ExitCode.NoInput, $"There is no revision '{url.Revision}' in {display}: {words}. Check what follows the @."),
        FailureKind.NoSubdirectory => (ExitCode.NoInput, $"There is no folder or file '{url.Subdirectory}' in {display}: {words}. Check what follows #subdirectory=."),
        FailureKind.Denied => (ExitCode.NoPermission, $"Access to {display} was denied: {words}. Check the user name, password, token or key.{WhereSshLooked(url, context)}"),
        FailureKind.Owner => (ExitCode.NoPermission, $"{display} belongs to another user, and git does not trust it: {words}. To trust it: git config --global --add safe.directory '*' (or its path), or give it to this user (chown)."),
        FailureKind.Proxy => (ExitCode.NoPermission, $"The proxy to {display} wants a user name and a password: {words}. Put them into the proxy variable (https_proxy=http://user:password@host:port)."),
        FailureKind.HostKey => (ExitCode.NoPermission, $"The SSH host key of {url.Host} is not trusted: {words}. Add it to ~/.ssh/known_hosts (ssh-keyscan prints it).{WhereSshLooked(url, context)}"),
        FailureKind.Certificate when !Authorities.AreHere() => (ExitCode.Unavailable, $"The certificate of {url.Host} cannot be checked: {Authorities.Missing}. ({words})"),
        FailureKind.Certificate => (ExitCode.Unavailable, $"The certificate of {url.Host} was refused: {words}. Add its authority to this machine's, or correct the URL."),
        FailureKind.Network => (ExitCode.Unavailable, $"{display} cannot be reached after {context.Options.Settings.FetchTries} attempts: {words}. Check the host and the network."),
        FailureKind.Silent => (ExitCode.Unavailable, $"{display} does not answer: {words}. Check the host, or raise the limit."),
        FailureKind.NoUser => (ExitCode.Unavailable, $"Cannot fetch {display}: {words}. ssh wants a line for user id {ProcessCalls.EffectiveUser()} in /etc/passwd: run as a user that has one."),
        FailureKind.SshMissing => (ExitCode.Unavailable, $"Cannot fetch {display}: {words}. The program ssh is not on the PATH; {Packages.Install(Packages.Ssh)}."),
        FailureKind.Unsafe => (ExitCode.DataError, $"Fetching {display} is not safe: {words}."),
        FailureKind.Disk => (ExitCode.InputOutput, $"Cannot store the code of {display}: {words}. Make room, or set TMPDIR to another folder."),
        _ => (ExitCode.Unavailable, $"Cannot fetch {display}: {words}."),
    };

    /// <summary>Keys and known hosts of an id without a line are elsewhere than one may think.</summary>
    private static string WhereSshLooked(VcsUrl url, FetchContext context) =>
        url.IsSsh && ProcessCalls.EffectiveUser() is var user && !UserDatabase.Has(user)
            ? $" (No user exists for uid {user} in /etc/passwd, so ssh looks for keys and known hosts in {context.Options.Settings.Environment.Get("HOME", "").TrimEnd('/')}/.ssh.)"
            : "";

    /// <summary>What the repository only names: its submodules, its large files. The repository itself is there.</summary>
    private static (ExitCode Code, string Message) OfPart(FailureKind kind, string part, string display, string words, FetchContext context)
    {
        var subject = $"Cannot fetch {part} of {display}";
        return kind switch
        {
            FailureKind.NoRepository or FailureKind.NoRevision or FailureKind.NoSubdirectory => (ExitCode.NoInput, $"{subject}: {words}. The repository names it; correct it there."),
            FailureKind.Denied or FailureKind.HostKey or FailureKind.Owner or FailureKind.Proxy =>
                (ExitCode.NoPermission, $"{subject}, access was denied: {words}. Check that the user, token or key may read it too."),
            FailureKind.Unsafe => (ExitCode.DataError, $"{subject}, which is not safe: {words}."),
            FailureKind.Disk => (ExitCode.InputOutput, $"{subject}: {words}. Make room, or set TMPDIR to another folder."),
            FailureKind.SshMissing => (ExitCode.Unavailable, $"{subject}: {words}. The program ssh is not on the PATH; {Packages.Install(Packages.Ssh)}."),
            FailureKind.Network => (ExitCode.Unavailable, $"{subject} after {context.Options.Settings.FetchTries} attempts: {words}. Check the host and the network."),
            _ => (ExitCode.Unavailable, $"{subject}: {words}."),
        };
    }
}

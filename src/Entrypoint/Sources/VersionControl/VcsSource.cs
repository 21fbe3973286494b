using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Code from version control: picks the program or library, tries again what the network broke, selects the subdirectory, and says in one
/// line why it failed.
/// </summary>
internal sealed class VcsSource(VcsUrl url, FetchContext context) : ICodeSource
{
    /// <summary>The URL as it may be shown in this run.</summary>
    private string Display => context.Secrets.Hide(url.Repository.ToString());

    public async Task<CodeTree> FetchAsync(CancellationToken cancellationToken)
    {
        if (url is { IsSsh: true, Password: not null })
        {
            context.Log.Warning("The password in {Url} is not used: SSH takes a key.", Display);
        }

        var sparse = context.Options.Sparse && url.Subdirectory is not null;
        context.Log.Information("Fetching {Url}{Revision}", Display, url.Revision is null ? "" : $" (revision {url.Revision})");
        try
        {
            return await SelectAsync(sparse, cancellationToken).ConfigureAwait(false);
        }
        catch (FetchFailureException failure)
        {
            throw Explain(failure);
        }
    }

    public async Task<CodeIdentity?> ResolveAsync(Func<string, string?> known, CancellationToken cancellationToken)
    {
        // A query may be a token, and would be kept with the repository's settings.
        if (url.Address.Reveal().Contains('?', StringComparison.Ordinal))
        {
            return null;
        }

        if (url is { Vcs: "git", Revision: { Length: 40 or 64 } id } && id.All(char.IsAsciiHexDigit))
        {
            return IdentityOf(id.ToLowerInvariant());
        }

        try
        {
            using var progress = context.Progress($"Asking {Display}");
            var repository = Open(progress);
            var revision = await Retry().RunAsync(async token => await repository.ResolveAsync(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return revision is null ? null : IdentityOf(revision);
        }
        catch (FetchFailureException failure)
        {
            throw Explain(failure);
        }
    }

    public CodeTree Select(FetchedCode code)
    {
        var revision = code.Identity.Revision;
        context.Log.Information("Resolved {Url} to {Revision}", Display, revision);
        if (url.Subdirectory?.Split('/')[0] is ".git" or ".hg" or ".svn" or ".bzr")
        {
            throw Explain(new FetchFailureException(FailureKind.NoSubdirectory, "it is no part of the code"));
        }

        return Subdirectory.Select(code.Root, url.Subdirectory, Display) with { ResolvedRevision = revision, Fetched = code };
    }

    private CodeIdentity IdentityOf(string revision) =>
        new($"{url.Vcs}+{url.Address.Reveal()}", revision, context.Options.Sparse ? url.Subdirectory : null);

    private async Task<CodeTree> SelectAsync(bool sparse, CancellationToken cancellationToken)
    {
        var (tree, (revision, isWhole)) = await FetchAsync(sparse, cancellationToken).ConfigureAwait(false);
        if (!isWhole && !IsPlain(tree, url.Subdirectory!))
        {
            // It may be reached through a link, for which more is needed.
            FolderRemoval.Remove(tree);
            (tree, (revision, _)) = await FetchAsync(false, cancellationToken).ConfigureAwait(false);
        }

        return Select(new FetchedCode(tree, IdentityOf(revision)));
    }

    /// <summary>Whether a path is there without any link on the way.</summary>
    private static bool IsPlain(string tree, string path)
    {
        var current = tree;
        foreach (var name in path.Split('/'))
        {
            current = Path.Combine(current, name);
            if (!OsFile.IsThere(current) || new FileInfo(current).LinkTarget is not null)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<(string Tree, FetchedTree Fetched)> FetchAsync(bool sparse, CancellationToken cancellationToken)
    {
        using var progress = context.Progress($"Fetching {Display}");
        var repository = Open(progress);
        var tree = Path.Combine(context.Temporary.Create(url.Vcs), "code");
        async ValueTask<FetchedTree> Try(CancellationToken token)
        {
            FolderRemoval.Remove(tree);
            return await repository.FetchAsync(tree, sparse, token).ConfigureAwait(false);
        }

        return (tree, await Retry().RunAsync(Try, cancellationToken).ConfigureAwait(false));
    }

    private FetchRetry Retry() => new(
        context.Options.Settings.FetchTries,
        context.Time,
        exception => exception is FetchFailureException { Kind: FailureKind.Network },
        (exception, pause, _) => context.Log.Warning("{Reason}; trying again in {Seconds:0.0} s", Clean(exception.Message), pause.TotalSeconds));

    private IRepository Open(TransferProgress progress) => url.Vcs switch
    {
        "hg" => new Mercurial(url, context, progress),
        "svn" => new Subversion(url, context, progress),
        "bzr" => new Bazaar(url, context, progress),
        _ => OpenGit(progress),
    };

    private IRepository OpenGit(TransferProgress progress)
    {
        var engine = context.Options.Settings.Git;
        var isHere = ProgramPath.TryFind("git", context.Options.Settings.Environment, out _);
        return engine == GitEngine.Program || engine == GitEngine.Automatic && isHere
            ? new GitProgram(url, context, progress, FetchProgram.Find(context, "git", "git"))
            : new GitLibrary(url, context, progress);
    }

    private string Clean(string words) => context.Secrets.Hide(words).TrimEnd('.');

    private EntrypointException Explain(FetchFailureException failure)
    {
        var words = Clean(failure.Message);
        var (code, message) = failure.Kind switch
        {
            FailureKind.NoRepository => (ExitCode.NoInput, $"There is no {url.Vcs} repository at {Display}: {words}. Check the URL."),
            FailureKind.NoRevision when url.Revision is null => (ExitCode.NoInput, $"There is nothing to fetch from {Display}: {words}."),
            FailureKind.NoRevision => (ExitCode.NoInput, $"There is no revision '{url.Revision}' in {Display}: {words}. Check what follows the @."),
            FailureKind.NoSubdirectory => (ExitCode.NoInput, $"There is no folder or file '{url.Subdirectory}' in {Display}: {words}. Check what follows #subdirectory=."),
            FailureKind.Denied => (ExitCode.NoPermission, $"Access to {Display} was denied: {words}. Check the user name, password, token or key."),
            FailureKind.HostKey => (ExitCode.NoPermission, $"The SSH host key of {url.Host} is not trusted: {words}. Add it to ~/.ssh/known_hosts (ssh-keyscan prints it)."),
            FailureKind.Certificate => (ExitCode.Unavailable, $"The certificate of {url.Host} was refused: {words}. Add its authority to this machine's, or correct the URL."),
            FailureKind.Network => (ExitCode.Unavailable, $"{Display} cannot be reached after {context.Options.Settings.FetchTries} attempts: {words}. Check the host and the network."),
            FailureKind.Silent => (ExitCode.Unavailable, $"{Display} does not answer: {words}. Check the host, or raise the limit."),
            FailureKind.ProgramMissing => (ExitCode.Unavailable, $"Cannot fetch {Display}: {words}."),
            FailureKind.Unsafe => (ExitCode.DataError, $"Fetching {Display} is not safe: {words}."),
            FailureKind.Disk => (ExitCode.InputOutput, $"Cannot store the code of {Display}: {words}. Make room, or set TMPDIR to another folder."),
            _ => (ExitCode.Unavailable, $"Cannot fetch {Display}: {words}."),
        };
        return new EntrypointException(code, message, failure);
    }
}

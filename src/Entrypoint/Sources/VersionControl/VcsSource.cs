using Entrypoint.Linux;
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
            throw VcsFailures.Explain(failure, url, Display, context);
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
            var backend = VcsBackends.Open(url, context, progress);
            var revision = await Retry().RunAsync(async token => await backend.ResolveAsync(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return revision is null ? null : IdentityOf(revision);
        }
        catch (FetchFailureException failure)
        {
            throw VcsFailures.Explain(failure, url, Display, context);
        }
    }

    public CodeTree Select(FetchedCode code)
    {
        var revision = code.Identity.Revision;
        context.Log.Information("Resolved {Url} to {Revision}", Display, revision);
        if (url.Subdirectory?.Split('/')[0] is ".git" or ".hg" or ".svn" or ".bzr")
        {
            throw VcsFailures.Explain(new FetchFailureException(FailureKind.NoSubdirectory, "it is no part of the code"), url, Display, context);
        }

        return Subdirectory.Select(code.Root, url.Subdirectory, Display) with { ResolvedRevision = revision, Fetched = code };
    }

    private CodeIdentity IdentityOf(string revision) =>
        new($"{url.Vcs}+{url.Address.Reveal()}", revision, context.Options.Sparse ? url.Subdirectory : null);

    private async Task<CodeTree> SelectAsync(bool sparse, CancellationToken cancellationToken)
    {
        var (tree, fetched) = await FetchAsync(sparse, cancellationToken).ConfigureAwait(false);
        if (!fetched.IsWhole && !IsPlain(tree, url.Subdirectory!))
        {
            // It may be reached through a link, for which more is needed.
            FolderRemoval.Remove(tree);
            (tree, fetched) = await FetchAsync(false, cancellationToken).ConfigureAwait(false);
        }

        var selected = Select(new FetchedCode(tree, IdentityOf(fetched.Revision)));
        return fetched.IsFixed ? selected : selected with { Fetched = null };
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
        var backend = VcsBackends.Open(url, context, progress);
        var tree = Path.Combine(context.Temporary.Create(url.Vcs), "code");
        async ValueTask<FetchedTree> Try(CancellationToken token)
        {
            FolderRemoval.Remove(tree);
            return await backend.FetchAsync(tree, sparse, token).ConfigureAwait(false);
        }

        return (tree, await Retry().RunAsync(Try, cancellationToken).ConfigureAwait(false));
    }

    private FetchRetry Retry() => new(
        context.Options.Settings.FetchTries,
        context.Time,
        exception => exception is FetchFailureException { Kind: FailureKind.Network },
        (exception, pause, _) => context.Log.Warning("{Reason}; trying again in {Seconds:0.0} s", context.Secrets.Hide(exception.Message).TrimEnd('.'), pause.TotalSeconds));
}

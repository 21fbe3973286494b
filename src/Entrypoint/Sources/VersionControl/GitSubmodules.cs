using System.Collections.Immutable;
using Entrypoint.Linux;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Submodules, and theirs in turn, each at the one commit that the tree names.</summary>
/// <param name="tree">The working tree.</param>
/// <param name="path">The part of it that counts; null for all of it.</param>
internal sealed class GitSubmodules(string tree, string? path, ILogger log)
{
    private const string SubmoduleMode = "160000 ";

    /// <summary>Fetches and checks them out.</summary>
    /// <exception cref="FetchFailureException">One of them cannot be fetched.</exception>
    public async Task UpdateAsync(RunGit git, CancellationToken cancellationToken)
    {
        if (path is null ? !OsFile.IsFile(Path.Combine(tree, ".gitmodules")) : !await AnyAsync(git, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        ImmutableArray<string> update = ["submodule", "update", "--init", "--recursive", "--force", "--progress"];
        ImmutableArray<string> which = path is null ? [] : ["--", path];
        try
        {
            await git(tree, [.. update, "--depth=1", .. which], cancellationToken).ConfigureAwait(false);
        }
        catch (FetchFailureException failure) when (failure.Kind is FailureKind.Other or FailureKind.NoRevision)
        {
            // A server may serve neither single commits nor shallow histories.
            log.Debug("The submodules cannot be fetched without their history: {Reason}", failure.Message);
            await git(tree, ["submodule", "deinit", "--all", "--force"], cancellationToken, isLocal: true).ConfigureAwait(false);
            FolderRemoval.Remove(Path.Combine(tree, ".git", "modules"));
            await git(tree, [.. update, .. which], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> AnyAsync(RunGit git, CancellationToken cancellationToken)
    {
        var index = await git(tree, ["ls-files", "--stage", "-z"], cancellationToken, isLocal: true).ConfigureAwait(false);
        return index.Split('\0').Any(entry => entry.StartsWith(SubmoduleMode, StringComparison.Ordinal));
    }
}

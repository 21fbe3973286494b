using Serilog;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Writes the files of a commit that was fetched, and what a checkout does not bring by itself.</summary>
/// <param name="tree">The working tree.</param>
/// <param name="hasLfs">Whether <c>git-lfs</c> is installed, which replaces the pointers to large files by the files.</param>
internal sealed class GitCheckout(string tree, bool hasLfs, ILogger log)
{
    /// <summary>Writes the files. Those kept in Git LFS come from a server of their own, by a filter.</summary>
    /// <exception cref="FetchFailureException">They cannot be fetched or written.</exception>
    public async Task WriteAsync(string commit, RunGit git, CancellationToken cancellationToken)
    {
        try
        {
            await git(tree, ["checkout", "--progress", "--force", "--detach", commit, "--"], cancellationToken).ConfigureAwait(false);
        }
        catch (FetchFailureException failure) when (GitLargeFiles.Failed(failure))
        {
            throw GitLargeFiles.Explain(failure);
        }
    }

    /// <summary>Fetches the submodules, and warns of large files that are only pointers.</summary>
    /// <param name="path">The part of the tree that counts; null for all of it.</param>
    /// <exception cref="FetchFailureException">A submodule cannot be fetched.</exception>
    public async Task CompleteAsync(string? path, RunGit git, CancellationToken cancellationToken)
    {
        await new GitSubmodules(tree, path, log).UpdateAsync(git, cancellationToken).ConfigureAwait(false);
        if (!hasLfs && await GitLargeFiles.CountAsync(tree, git, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            GitLargeFiles.Warn(log, count);
        }
    }
}

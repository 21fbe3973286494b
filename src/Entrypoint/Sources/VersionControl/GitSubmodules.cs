using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Entrypoint.Linux;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Submodules, and theirs in turn, each at the one commit that the tree names.</summary>
/// <param name="tree">The working tree.</param>
/// <param name="path">The part of it that counts; null for all of it.</param>
internal sealed partial class GitSubmodules(string tree, string? path, ILogger log)
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

        try
        {
            await UpdateNamedAsync(git, cancellationToken).ConfigureAwait(false);
        }
        catch (FetchFailureException failure)
        {
            throw OfSubmodule(failure);
        }
    }

    /// <summary>The failure as that of a submodule, by the name that <c>git</c> gives it; our temporary folder is no news to the user.</summary>
    private FetchFailureException OfSubmodule(FetchFailureException failure)
    {
        var name = SubmodulePath().Match(failure.Output ?? "") is { Success: true } match ? match.Groups["path"].Value.Replace(tree + "/", "", StringComparison.Ordinal) : null;
        return new FetchFailureException(failure.Kind, failure.Message.Replace(tree + "/", "", StringComparison.Ordinal))
        {
            Part = name is null ? "a submodule" : $"the submodule '{name}'",
        };
    }

    private async Task UpdateNamedAsync(RunGit git, CancellationToken cancellationToken)
    {
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

    [GeneratedRegex(@"submodule path '(?<path>[^']+)'")]
    private static partial Regex SubmodulePath();
}

using Entrypoint.Failures;
using Serilog;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Files that are kept in Git LFS: found where they cannot be fetched.</summary>
internal static class GitLargeFiles
{
    /// <summary>How many of the files that were checked out are kept in Git LFS.</summary>
    public static async Task<int> CountAsync(string tree, RunGit git, CancellationToken cancellationToken)
    {
        var attributes = await git(tree, ["ls-files", "-z", "--", "*.gitattributes"], cancellationToken, isLocal: true).ConfigureAwait(false);
        if (attributes.Length == 0)
        {
            return 0;
        }

        var files = await git(tree, ["ls-files", "-z", "--", ":(attr:filter=lfs)"], cancellationToken, isLocal: true).ConfigureAwait(false);
        return files.Count(character => character == '\0');
    }

    /// <summary>Whether it was the large files that could not be fetched.</summary>
    public static bool Failed(FetchFailureException failure) =>
        failure.Kind == FailureKind.Silent || failure.Output?.Contains("git-lfs", StringComparison.Ordinal) == true
        || failure.Output?.Contains("smudge filter lfs", StringComparison.Ordinal) == true;

    /// <summary>The failure as that of the large files.</summary>
    public static FetchFailureException Explain(FetchFailureException failure) =>
        new(failure.Kind, failure.Message) { Part = "the Git LFS files", Output = failure.Output };

    /// <summary>Says what is missing.</summary>
    public static void Warn(ILogger log, int count) => log.Warning(
        "git-lfs is not installed: {Count} file(s) kept in Git LFS are only pointers; install it ({Packages})", count, Packages.Named(Packages.LargeFiles));
}

using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources;

/// <summary>Finds what a reference means within fetched code: its root, or the folder or file that <c>#subdirectory</c> names.</summary>
internal static class Subdirectory
{
    /// <summary>
    /// The part of a tree that is meant. A file keeps the name that it was given, even where that is a link: dependency files stand
    /// beside the name that the user sees.
    /// </summary>
    /// <param name="root">The root of the tree; absolute.</param>
    /// <param name="subdirectory">A path within it, to a folder or a file, with leading slashes or not; null or empty for the root.</param>
    /// <param name="display">The reference, for messages.</param>
    /// <exception cref="EntrypointException">65: it leaves the tree, by <c>..</c> or by a link. 66: it is not there.</exception>
    public static CodeTree Select(string root, string? subdirectory, string display)
    {
        var tree = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var names = TreeWalk.Names(subdirectory ?? "");
        if (names.Length == 0)
        {
            return new CodeTree(tree, tree);
        }

        var shown = subdirectory!.Replace("\0", "\\0", StringComparison.Ordinal);
        var named = tree;
        var end = shown.Length == subdirectory.Length ? TreeWalk.Go(tree, names, out named) : TreeWalkEnd.Outside;
        if (end == TreeWalkEnd.Outside)
        {
            throw new EntrypointException(
                ExitCode.DataError,
                $"The subdirectory '{shown}' of {display} leads out of the code that was fetched; name a folder or a file in it.");
        }

        if (end == TreeWalkEnd.Within && OsFile.IsFolder(named))
        {
            return new CodeTree(named, named);
        }

        if (end == TreeWalkEnd.Within && OsFile.IsFile(named))
        {
            return new CodeTree(Path.GetDirectoryName(named)!, named);
        }

        throw new EntrypointException(
            ExitCode.NoInput, $"There is no folder or file '{shown}' in {display}; check what follows #subdirectory=.");
    }
}

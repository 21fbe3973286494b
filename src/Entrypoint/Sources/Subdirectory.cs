namespace Entrypoint.Sources;

/// <summary>Finds what a reference means within fetched code: its root, or the folder or file that <c>#subdirectory</c> names.</summary>
internal static class Subdirectory
{
    /// <summary>As many links as Linux follows in one path.</summary>
    private const int MostLinks = 40;

    /// <summary>The part of a tree that is meant.</summary>
    /// <param name="root">The root of the tree; absolute.</param>
    /// <param name="subdirectory">A path within it, to a folder or a file, with leading slashes or not; null or empty for the root.</param>
    /// <param name="display">The reference, for messages.</param>
    /// <exception cref="EntrypointException">65: it leaves the tree, by <c>..</c> or by a link. 66: it is not there.</exception>
    public static CodeTree Select(string root, string? subdirectory, string display)
    {
        var tree = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var names = Names(subdirectory ?? "");
        if (names.Count == 0)
        {
            return new CodeTree(tree, tree);
        }

        var found = Walk(tree, names, subdirectory!, display);
        if (Directory.Exists(found))
        {
            return new CodeTree(found, found);
        }

        return File.Exists(found) ? new CodeTree(Path.GetDirectoryName(found)!, found) : throw Missing(subdirectory!, display);
    }

    private static List<string> Names(string path) => [.. path.Split('/').Where(name => name is not ("" or "."))];

    /// <summary>
    /// Goes the way that the kernel would go, name by name and link by link, and never above the root on it. The last name stays as it
    /// was given even where it is a link, because dependency files stand beside the name that the user sees.
    /// </summary>
    private static string Walk(string tree, List<string> names, string subdirectory, string display)
    {
        if (subdirectory.Contains('\0', StringComparison.Ordinal) || LeavesByName(names))
        {
            throw Leaves(subdirectory, display);
        }

        var links = 0;
        var named = tree;
        var current = tree;
        var left = new Stack<(string Name, bool Given)>(names.AsEnumerable().Reverse().Select(name => (name, true)));
        while (left.TryPop(out var step))
        {
            if (step.Name == "..")
            {
                current = current == tree ? throw Leaves(subdirectory, display) : Path.GetDirectoryName(current)!;
                named = step.Given ? current : named;
                continue;
            }

            var next = Path.Combine(current, step.Name);
            named = step.Given ? next : named;
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = Path.Exists(next) ? next : throw Missing(subdirectory, display);
                continue;
            }

            if (++links > MostLinks)
            {
                throw Missing(subdirectory, display);
            }

            if (target.StartsWith('/'))
            {
                target = Within(tree, target) ?? throw Leaves(subdirectory, display);
                current = tree;
            }

            foreach (var name in Names(target).AsEnumerable().Reverse())
            {
                left.Push((name, false));
            }
        }

        return named;
    }

    private static bool LeavesByName(List<string> names)
    {
        var depth = 0;
        return names.Exists(name => (depth += name == ".." ? -1 : 1) < 0);
    }

    /// <summary>What is left of an absolute path below the tree; null where it is elsewhere.</summary>
    private static string? Within(string tree, string path) =>
        path == tree ? "" : path.StartsWith(tree + "/", StringComparison.Ordinal) ? path[(tree.Length + 1)..] : null;

    private static EntrypointException Leaves(string subdirectory, string display) =>
        new(ExitCode.DataError, $"The subdirectory '{subdirectory.Replace("\0", "\\0", StringComparison.Ordinal)}' of {display} leads out of the code that was fetched; name a folder or a file in it.");

    private static EntrypointException Missing(string subdirectory, string display) =>
        new(ExitCode.NoInput, $"There is no folder or file '{subdirectory}' in {display}; check what follows #subdirectory=.");
}

using Entrypoint.Linux;

namespace Entrypoint.Sources;

/// <summary>Where a path within a tree of fetched files leads.</summary>
internal enum TreeWalkEnd
{
    /// <summary>To something in the tree.</summary>
    Within,

    /// <summary>To nothing, but not out of the tree.</summary>
    Missing,

    /// <summary>Out of the tree, by <c>..</c> or by a link, even if back in later.</summary>
    Outside,
}

/// <summary>
/// Follows a path the way that the kernel would, name by name and link by link, and sees whether it ever goes above the root of the tree.
/// Names keep bytes that are not UTF-8 (<see cref="OsText"/>).
/// </summary>
internal static class TreeWalk
{
    /// <summary>As many links as Linux follows in one path.</summary>
    private const int MostLinks = 40;

    /// <summary>The names in a path, without those that mean nothing.</summary>
    public static string[] Names(string path) => Array.FindAll(path.Split('/'), name => name is not ("" or "."));

    /// <summary>Follows a path.</summary>
    /// <param name="tree">The root, without a slash at the end.</param>
    /// <param name="names">The path below it.</param>
    /// <param name="named">Where the path leads, with its last name as it was given even where that is a link.</param>
    public static TreeWalkEnd Go(string tree, string[] names, out string named)
    {
        named = tree;
        var links = 0;
        var current = tree;
        var left = new Stack<(string Name, bool Given)>(Enumerable.Reverse(names).Select(name => (name, true)));
        while (left.TryPop(out var step))
        {
            if (step.Name == "..")
            {
                if (current == tree)
                {
                    return TreeWalkEnd.Outside;
                }

                current = Path.GetDirectoryName(current)!;
                named = step.Given ? current : named;
                continue;
            }

            var next = $"{current}/{step.Name}";
            named = step.Given ? next : named;
            var link = FileCalls.ReadLink(next);
            if (!link.Succeeded)
            {
                if (link.Error != Errno.EINVAL)
                {
                    return LeavesByName(tree, next, left) ? TreeWalkEnd.Outside : TreeWalkEnd.Missing;
                }

                current = next;
                continue;
            }

            var target = link.Value;
            if (target.StartsWith('/'))
            {
                if (Below(tree, target) is not { } rest)
                {
                    return TreeWalkEnd.Outside;
                }

                (target, current) = (rest, tree);
            }

            if (++links > MostLinks)
            {
                return TreeWalkEnd.Missing;
            }

            foreach (var name in Enumerable.Reverse(Names(target)))
            {
                left.Push((name, false));
            }
        }

        return TreeWalkEnd.Within;
    }

    /// <summary>Whether the rest of a path, past a name that is not there, would go above the root if it were.</summary>
    private static bool LeavesByName(string tree, string missing, Stack<(string Name, bool Given)> left)
    {
        var depth = missing.AsSpan(tree.Length).Count('/');
        return left.Any(step => (depth += step.Name == ".." ? -1 : 1) < 0);
    }

    /// <summary>What is left of an absolute path below the tree; null where it is elsewhere.</summary>
    private static string? Below(string tree, string path) =>
        path == tree ? "" : path.StartsWith(tree + "/", StringComparison.Ordinal) ? path[(tree.Length + 1)..] : null;
}

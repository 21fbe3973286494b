using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>
/// Removes folders whose own rights stand in the way (read-only folders from an archive or a checkout), files whose names are not UTF-8,
/// and trees that are deeper than a path may be long or than descriptors there are, none of which .NET's own removal can.
/// </summary>
internal static class FolderRemoval
{
    private const int OwnerAll = 0x1C0; // 0700

    /// <summary>Removes a folder and all in it; links are removed, never followed. Does nothing where it is not there.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be removed.</exception>
    public static void Remove(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        if (!OsFile.IsFolder(folder))
        {
            return;
        }

        var opened = FileCalls.OpenFolder(Path.GetDirectoryName(folder)!);
        if (!opened.Succeeded)
        {
            throw opened.Error.ToException(folder);
        }

        using var walk = new Walk(Path.GetDirectoryName(folder)!, opened.Value);
        walk.Enter(Path.GetFileName(folder));
        while (walk.Depth > 0)
        {
            if (walk.NextFolder() is { } child)
            {
                walk.Enter(child);
            }
            else
            {
                walk.Leave();
            }
        }
    }

    /// <summary>The way down a tree and up again, with one folder open at a time.</summary>
    private sealed class Walk(string root, int current) : IDisposable
    {
        private readonly Stack<Level> _levels = new();
        private int _current = current;

        /// <summary>A folder on the way.</summary>
        /// <param name="Parent">The folder that it was found in, to be known again on the way back.</param>
        /// <param name="Folders">The folders in it that are still there.</param>
        private sealed record Level(string Name, (ulong Device, ulong Number) Parent, Stack<string> Folders);

        public int Depth => _levels.Count;

        /// <summary>A folder in this one; null where nothing is left in it.</summary>
        public string? NextFolder() => _levels.Peek().Folders.TryPop(out var name) ? name : null;

        /// <summary>Goes into a folder, and removes all in it that is no folder.</summary>
        public void Enter(string name)
        {
            // A link is no folder: it is never opened, and unlinked as what it is.
            var opened = FileCalls.OpenFolder(_current, name);
            if (opened.Error == Errno.EACCES && FileCalls.ChangeMode(_current, name, OwnerAll) == Errno.None)
            {
                opened = FileCalls.OpenFolder(_current, name);
            }

            if (!opened.Succeeded)
            {
                throw opened.Error.ToException(PathOf(name));
            }

            _levels.Push(new Level(name, FileCalls.Status(_current).Value.Identity, new Stack<string>()));
            Open(opened.Value);

            // The owner needs all three rights to take entries away; where this fails, so does what follows, and says why.
            _ = FileCalls.ChangeMode(_current, OwnerAll);
            foreach (var child in FileCalls.ReadFolder(_current).Value)
            {
                var error = FileCalls.Unlink(_current, child);
                if (error is Errno.EISDIR or Errno.EPERM)
                {
                    _levels.Peek().Folders.Push(child);
                }
                else if (error is not (Errno.None or Errno.ENOENT))
                {
                    throw error.ToException(PathOf(child));
                }
            }
        }

        /// <summary>Goes back out of a folder, and removes it.</summary>
        public void Leave()
        {
            var level = _levels.Pop();
            var parent = FileCalls.OpenFolder(_current, "..");
            if (!parent.Succeeded)
            {
                throw parent.Error.ToException(PathOf(level.Name));
            }

            Open(parent.Value);
            if (FileCalls.Status(_current) is not { Succeeded: true } found || found.Value.Identity != level.Parent)
            {
                throw new IOException($"It was moved while it was removed: {PathOf(level.Name)}");
            }

            if (FileCalls.RemoveFolder(_current, level.Name) is var removed and not (Errno.None or Errno.ENOENT))
            {
                throw removed.ToException(PathOf(level.Name));
            }
        }

        public void Dispose() => _ = FileCalls.Close(_current);

        private void Open(int folder)
        {
            _ = FileCalls.Close(_current);
            _current = folder;
        }

        private string PathOf(string name) => string.Join('/', _levels.Reverse().Select(level => level.Name).Prepend(root).Append(name));
    }
}

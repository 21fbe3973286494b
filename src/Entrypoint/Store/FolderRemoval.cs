using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>
/// Removes folders whose own rights stand in the way (read-only folders from an archive or a checkout) and files whose names are not
/// UTF-8, neither of which .NET's own removal can.
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

        try
        {
            RemoveFolder(opened.Value, Path.GetFileName(folder), folder);
        }
        finally
        {
            _ = FileCalls.Close(opened.Value);
        }
    }

    private static void RemoveFolder(int parent, string name, string path)
    {
        // A link is no folder: it is opened never, and unlinked as what it is.
        var opened = FileCalls.OpenFolder(parent, name);
        if (opened.Error == Errno.EACCES && FileCalls.ChangeMode(parent, name, OwnerAll) == Errno.None)
        {
            opened = FileCalls.OpenFolder(parent, name);
        }

        if (!opened.Succeeded)
        {
            throw opened.Error.ToException(path);
        }

        try
        {
            // The owner needs all three rights to take entries away; where this fails, so does what follows, and says why.
            _ = FileCalls.ChangeMode(opened.Value, OwnerAll);
            foreach (var child in FileCalls.ReadFolder(opened.Value).Value)
            {
                var error = FileCalls.Unlink(opened.Value, child);
                if (error is Errno.EISDIR or Errno.EPERM)
                {
                    RemoveFolder(opened.Value, child, $"{path}/{child}");
                }
                else if (error is not (Errno.None or Errno.ENOENT))
                {
                    throw error.ToException($"{path}/{child}");
                }
            }
        }
        finally
        {
            _ = FileCalls.Close(opened.Value);
        }

        if (FileCalls.RemoveFolder(parent, name) is var removed and not (Errno.None or Errno.ENOENT))
        {
            throw removed.ToException(path);
        }
    }
}

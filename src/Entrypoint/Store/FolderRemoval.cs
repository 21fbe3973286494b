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
        if (!Directory.Exists(folder))
        {
            return;
        }

        var opened = FolderCalls.OpenRoot(Path.GetDirectoryName(folder)!);
        if (opened < 0)
        {
            throw Failure(folder);
        }

        try
        {
            RemoveFolder(opened, Path.GetFileName(folder), folder);
        }
        finally
        {
            _ = FolderCalls.Close(opened);
        }
    }

    private static void RemoveFolder(int parent, string name, string path)
    {
        // A link is no folder: it is opened never, and unlinked as what it is.
        var opened = FolderCalls.OpenFolder(parent, name);
        if (opened < 0 && Native.LastError == Native.EACCES && FolderCalls.ChangeMode(parent, name, OwnerAll) == 0)
        {
            opened = FolderCalls.OpenFolder(parent, name);
        }

        if (opened < 0)
        {
            throw Failure(path);
        }

        try
        {
            // The owner needs all three rights to take entries away; where this fails, so does what follows, and says why.
            _ = FolderCalls.ChangeMode(opened, OwnerAll);
            foreach (var child in FolderCalls.ReadFolder(opened))
            {
                if (FolderCalls.Unlink(opened, child) == 0 || Native.LastError == Native.ENOENT)
                {
                    continue;
                }

                if (Native.LastError is not (FolderCalls.EISDIR or FolderCalls.EPERM))
                {
                    throw Failure($"{path}/{child}");
                }

                RemoveFolder(opened, child, $"{path}/{child}");
            }
        }
        finally
        {
            _ = FolderCalls.Close(opened);
        }

        if (FolderCalls.RemoveFolder(parent, name) < 0 && Native.LastError != Native.ENOENT)
        {
            throw Failure(path);
        }
    }

    private static Exception Failure(string path)
    {
        var message = $"{path}: {Native.Describe(Native.LastError)}";
        return Native.LastError is Native.EACCES or FolderCalls.EPERM ? new UnauthorizedAccessException(message) : new IOException(message);
    }
}

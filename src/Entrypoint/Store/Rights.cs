using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>
/// The rights of what is put into a folder, whatever the umask: everybody may read it (an image is built by one user and run by another,
/// and there is nothing secret in it), and the group may do what it may do in the folder around it.
/// </summary>
internal static class Rights
{
    private const int ReadableFolder = 0b111_101_101;
    private const int ReadableFile = 0b110_100_100;
    private const int GroupBits = 0b000_111_000;
    private const int GroupWrite = 0b000_010_000;
    private const int InheritGroup = 0x400;

    /// <summary>The permissions of a new folder in a folder.</summary>
    public static int OfFolderIn(string parent) =>
        FileCalls.Status(parent) is { Succeeded: true, Value: var status }
            ? ReadableFolder | (status.Permissions & (GroupBits | InheritGroup))
            : ReadableFolder;

    /// <summary>The permissions of a new file in a folder.</summary>
    public static int OfFileIn(string parent) => ReadableFile | (OfFolderIn(parent) & GroupWrite);

    /// <summary>Makes a folder, and those above it, where they are not there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public static void MakeFolder(string folder)
    {
        if (OsFile.IsFolder(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder)!;
        var permissions = OsFile.IsFolder(parent) ? OfFolderIn(parent) : ReadableFolder;
        Directory.CreateDirectory(folder);

        // A share may have no modes; then there is nothing to change.
        _ = FileCalls.ChangeMode(folder, permissions);
    }

    /// <summary>Gives all in a folder the rights that the umask of whoever made it has held back. Links are left alone.</summary>
    /// <param name="folder">The folder, which was made in another one by programs that know nothing of this.</param>
    public static void Widen(string folder)
    {
        var permissions = OfFolderIn(Path.GetDirectoryName(folder)!);
        if ((FileCalls.Status(folder).Value.Permissions & permissions) != permissions)
        {
            WidenFolder(folder, permissions);
        }
    }

    private static void WidenFolder(string folder, int permissions)
    {
        if (FileCalls.StatusOfLink(folder) is not { Succeeded: true, Value: { Kind: FileKind.Folder } status }
            || FileCalls.ChangeMode(folder, status.Permissions | permissions) != Errno.None)
        {
            return;
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
        {
            if (FileCalls.StatusOfLink(entry) is not { Succeeded: true, Value: var found })
            {
                continue;
            }

            if (found.Kind == FileKind.Folder)
            {
                WidenFolder(entry, permissions);
            }
            else if (found.Kind == FileKind.File)
            {
                // Who may read it may execute it where its owner may.
                var read = ReadableFile | (permissions & GroupWrite) | ((found.Permissions & 0b001_000_000) != 0 ? 0b001_001_001 : 0);
                _ = (found.Permissions & read) == read ? Errno.None : FileCalls.ChangeMode(entry, found.Permissions | read);
            }
        }
    }
}

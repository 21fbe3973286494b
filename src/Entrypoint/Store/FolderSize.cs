using System.IO.Enumeration;
using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>How much room a folder takes.</summary>
internal static class FolderSize
{
    /// <summary>
    /// Bytes of all files in it; 0 where it is not there. What a link leads to is somewhere else, or the folder itself once more, and what goes
    /// away meanwhile takes no room.
    /// </summary>
    public static long Of(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        return OsFile.IsFolder(folder)
            ? new FileSystemEnumerable<long>(folder, (ref FileSystemEntry entry) => entry.IsDirectory ? 0 : entry.Length, options).Sum()
            : 0;
    }
}

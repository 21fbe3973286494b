using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>How much room a folder takes.</summary>
internal static class FolderSize
{
    /// <summary>Bytes of all files in it; 0 where it is not there.</summary>
    public static long Of(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true };
        return OsFile.IsFolder(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*", options).Where(file => file.LinkTarget is null).Sum(file => file.Length)
            : 0;
    }
}

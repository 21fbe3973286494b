using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>Whether this process may write somewhere, without trying: rights and read-only mounts both count.</summary>
internal static class Writability
{
    /// <summary>Whether the folder exists and takes new files.</summary>
    public static bool MayWrite(string folder) => OsFile.IsFolder(folder) && FileCalls.MayWrite(folder);

    /// <summary>Whether the folder takes new files, or can be made so that it does.</summary>
    public static bool MayCreate(string folder)
    {
        for (var existing = folder; existing is not null; existing = Path.GetDirectoryName(existing))
        {
            if (OsFile.IsThere(existing))
            {
                return MayWrite(existing);
            }
        }

        return false;
    }
}

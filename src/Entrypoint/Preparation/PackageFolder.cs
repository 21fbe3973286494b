
namespace Entrypoint.Preparation;

/// <summary>
/// What a folder with installed packages looks like. Installing or removing anything changes its time or its names. The time counts to
/// the second, which is what image layers keep; the names tell what happened within one second.
/// </summary>
/// <param name="Path">Where it is.</param>
/// <param name="Modified">Seconds since 1970; null where it is not there.</param>
/// <param name="Names">A digest of the names in it.</param>
internal sealed record PackageFolder(string Path, long? Modified, string Names)
{
    /// <summary>What Python writes there by itself.</summary>
    private const string Cache = "__pycache__";

    public static PackageFolder Look(string path)
    {
        var folder = new DirectoryInfo(path);
        if (!folder.Exists)
        {
            return new PackageFolder(path, null, "");
        }

        try
        {
            var names = Directory.GetFileSystemEntries(path).Select(entry => System.IO.Path.GetFileName(entry)).Where(name => name != Cache).ToArray();
            Array.Sort(names, StringComparer.Ordinal);
            var digest = Fingerprint.Of(string.Join('/', names));
            return new PackageFolder(path, new DateTimeOffset(folder.LastWriteTimeUtc).ToUnixTimeSeconds(), digest);
        }
        catch (UnauthorizedAccessException)
        {
            return new PackageFolder(path, null, "");
        }
    }
}

using Entrypoint.Linux;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>
/// What is installed in folders with packages, by content: two images with the same packages look the same, whatever their times. Told
/// from the names in the folder, from the size of what each package's own description says, and from the files that add other folders.
/// </summary>
internal static class PackageFolder
{
    /// <summary>What Python writes there by itself.</summary>
    private const string Cache = "__pycache__";

    private const int LongestPath = 64 << 10;

    private static readonly string[] Descriptions = [".dist-info", ".egg-info"];

    private static readonly string[] DescriptionFiles = ["RECORD", "METADATA", "PKG-INFO", "direct_url.json"];

    private static readonly string[] PathFiles = [".pth", ".egg-link"];

    /// <summary>A name for all that is in the folders, those that are not there or empty (as this user sees them) left out.</summary>
    public static string Digest(IEnumerable<string> folders)
    {
        var fingerprint = new Fingerprint();
        foreach (var folder in folders)
        {
            Add(fingerprint, folder);
        }

        return fingerprint.Name;
    }

    private static void Add(Fingerprint fingerprint, string folder)
    {
        string[] names;
        try
        {
            names = [.. OsFile.Names(folder).Where(name => name != Cache)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not there, or not for this user: then Python does not see it either.
            return;
        }

        Array.Sort(names, StringComparer.Ordinal);
        foreach (var name in names)
        {
            fingerprint.Append(OsText.Encode(name + "/"));
            var extension = Path.GetExtension(name);
            if (Descriptions.Contains(extension, StringComparer.Ordinal))
            {
                AddSizes(fingerprint, Path.Combine(folder, name));
            }
            else if (PathFiles.Contains(extension, StringComparer.Ordinal))
            {
                AddContent(fingerprint, Path.Combine(folder, name));
            }
        }
    }

    private static void AddSizes(Fingerprint fingerprint, string package)
    {
        foreach (var name in DescriptionFiles)
        {
            var status = FileCalls.Status(Path.Combine(package, name));
            fingerprint.Append(BitConverter.GetBytes(status.Succeeded ? status.Value.Size : -1));
        }
    }

    private static void AddContent(Fingerprint fingerprint, string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: < LongestPath })
            {
                fingerprint.Append(OsFile.ReadAllBytes(file));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Python cannot read it either.
            return;
        }
    }
}

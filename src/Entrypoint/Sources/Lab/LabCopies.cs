using System.Globalization;
using System.Text.RegularExpressions;
using Entrypoint.CommandLine;
using Entrypoint.Linux;

namespace Entrypoint.Sources.Lab;

/// <summary>A local copy of Lab data.</summary>
internal sealed record LabCopy(string Path, string Version);

/// <summary>
/// The local copies below <c>DATA_ENVIRONMENT</c>, in the folders and by the names that the Lab's own clients use:
/// <c>project/key.vN</c> in the first generation, <c>project/key.version</c> in the second.
/// </summary>
internal sealed partial class LabCopies(string root)
{
    private const string OwnProjects = "lab-user-*";

    /// <summary>Whether the data of a key is here, whatever its version, for a project that is set.</summary>
    public static bool Exists(Settings settings, string key) =>
        LabDataKey.IsSafe(key)
        && settings.Lab.Project is { } project
        && new LabCopies(settings.DataEnvironment).Newest(project, LabDataKey.Read(key)) is not null;

    /// <summary>Where the copy of a version belongs.</summary>
    public string PathOf(LabFile file) => Path.Combine(root, file.CopyPath);

    /// <summary>The copy of this version, if it is here and of the right size.</summary>
    public LabCopy? Current(LabFile file)
    {
        var copy = new FileInfo(PathOf(file));
        return copy.Exists && (file.Size is null || copy.Length == file.Size) ? new LabCopy(copy.FullName, file.Version) : null;
    }

    /// <summary>The newest copy that a key can mean.</summary>
    /// <param name="project">The project; null to look through the default projects of users, of which only one may have it.</param>
    public LabCopy? Newest(string? project, LabDataKey key)
    {
        if (project is not null)
        {
            return NewestIn(JavaLab.ProjectFolder(project), key) ?? (LabDataKey.IsSafe(project) ? NewestIn(project, key) : null);
        }

        if (!OsFile.IsFolder(root))
        {
            return null;
        }

        var found = Directory.EnumerateDirectories(root, OwnProjects).Select(folder => NewestIn(Path.GetFileName(folder), key)).OfType<LabCopy>().Take(2).ToList();
        return found is [var only] ? only : null;
    }

    private LabCopy? NewestIn(string projectFolder, LabDataKey key)
    {
        var exact = new FileInfo(Path.Combine(root, projectFolder, key.Text));
        if (key.Version is { } version)
        {
            return exact.Exists ? new LabCopy(exact.FullName, version.ToString(CultureInfo.InvariantCulture)) : null;
        }

        if (exact.Directory is not { Exists: true } folder)
        {
            return null;
        }

        // Versions of the first generation are numbers, 10 after 2, and a key without one is version 1. Those of the second say nothing
        // about their order: there the time of the download does.
        var others = folder.EnumerateFiles()
            .Where(file => file.Name.StartsWith(exact.Name + ".", StringComparison.Ordinal))
            .Select(file => (File: file, Version: file.Name[(exact.Name.Length + 1)..]))
            .Where(copy => !copy.Version.Contains('.', StringComparison.Ordinal))
            .ToList();
        var numbered = others.Where(copy => NumberForm().IsMatch(copy.Version)).ToList();
        if (numbered.Count > 0)
        {
            var newest = numbered.MaxBy(copy => decimal.Parse(copy.Version.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture));
            return new LabCopy(newest.File.FullName, newest.Version[1..]);
        }

        if (exact.Exists)
        {
            return new LabCopy(exact.FullName, "1");
        }

        return others.Count > 0 && others.MaxBy(copy => copy.File.LastWriteTimeUtc) is var latest
            ? new LabCopy(latest.File.FullName, latest.Version)
            : null;
    }

    [GeneratedRegex("^v[0-9]{1,9}$")]
    private static partial Regex NumberForm();
}

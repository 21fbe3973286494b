using System.Globalization;
using System.Text;
using Entrypoint.Linux;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>
/// A requirements file that names projects in folders (<c>.</c>), rewritten so that these are built privately before: nothing is left in
/// their folders, which need not be writable, and none finds what the build of another one has left.
/// </summary>
internal sealed class PrivateRequirements
{
    private static readonly string[] ProjectFiles = ["pyproject.toml", "setup.py"];

    /// <summary>Options that say where packages come from, which a build needs as well.</summary>
    private static readonly string[] IndexOptions =
    [
        "-i", "--index-url", "--pypi-url", "--extra-index-url", "--no-index", "-f", "--find-links", "--trusted-host", "--pre",
        "--prefer-binary", "--only-binary", "--no-binary",
    ];

    private static readonly string[] LinkOptions = ["-f", "--find-links"];

    private readonly ProcessEnvironment _environment;
    private readonly string _codeFolder;
    private string _folder = "";
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _wheels = new(StringComparer.Ordinal);
    private readonly StringBuilder _indexes = new();
    private readonly List<string> _projects = [];

    private PrivateRequirements(string codeFolder, ProcessEnvironment environment) => (_codeFolder, _environment) = (codeFolder, environment);

    /// <summary>The folders of the projects that are named, each once.</summary>
    public IReadOnlyList<string> Projects => _projects;

    /// <summary>A file with what says where packages come from.</summary>
    public string IndexFile => Path.Combine(_folder, "indexes.txt");

    /// <summary>Looks through the files.</summary>
    /// <param name="name">The requirements file in the code's folder.</param>
    /// <returns>Null where no project is named, or where a line is not as simple as it can be rewritten: then pip is left to it.</returns>
    public static PrivateRequirements? Find(string codeFolder, string name, ProcessEnvironment environment)
    {
        var requirements = new PrivateRequirements(codeFolder, environment);
        return requirements.Look(Path.Combine(codeFolder, name), []) && requirements.Projects.Count > 0 ? requirements : null;
    }

    /// <summary>Writes what a build needs into a private folder, where the files are to go as well.</summary>
    public void Prepare(string folder)
    {
        _folder = folder;
        File.WriteAllText(IndexFile, _indexes.ToString());
    }

    /// <summary>Says which wheel was built of a project.</summary>
    public void Built(string project, string wheel) => _wheels[project] = wheel;

    /// <summary>Writes the files, with the wheels in place of the projects, and returns the first.</summary>
    public string Write(string name) => Write(Path.Combine(_codeFolder, name), 0);

    private bool Look(string file, List<string> above)
    {
        if (above.Contains(file, StringComparer.Ordinal) || !OsFile.IsFile(file))
        {
            return false;
        }

        foreach (var line in RequirementsLines.Read(OsFile.ReadAllText(file), _environment))
        {
            if (!Look(line, file, above))
            {
                return false;
            }
        }

        return true;
    }

    private bool Look(RequirementsLine line, string file, List<string> above)
    {
        if (line.NestedFiles.Any())
        {
            return NestedFile(line, file) is { } nested && (nested.IsConstraint || IsAddress(nested.Path) || Look(nested.Path, [.. above, file]));
        }

        if (IndexOptions.Any(option => line.Words[0] == option || line.Words[0].StartsWith(option + "=", StringComparison.Ordinal)))
        {
            _indexes.Append(WithAbsoluteLinks(line, file)).Append('\n');
        }

        if (ProjectOf(line) is { } project)
        {
            if (line.Text.Contains(';', StringComparison.Ordinal) || line.Words.Any(word => word.StartsWith("--", StringComparison.Ordinal)))
            {
                return false;
            }

            if (!_projects.Contains(project, StringComparer.Ordinal))
            {
                _projects.Add(project);
            }
        }

        return true;
    }

    private string Write(string file, int depth)
    {
        if (_files.TryGetValue(file, out var written))
        {
            return written;
        }

        var target = Path.Combine(_folder, depth == 0 ? Path.GetFileName(file) : string.Create(CultureInfo.InvariantCulture, $"{_files.Count}-{Path.GetFileName(file)}"));
        _files[file] = target;
        var text = new StringBuilder();
        foreach (var line in RequirementsLines.Read(OsFile.ReadAllText(file), _environment))
        {
            text.Append(Rewrite(line, file, depth)).Append('\n');
        }

        File.WriteAllText(target, text.ToString());
        return target;
    }

    private string Rewrite(RequirementsLine line, string file, int depth)
    {
        if (NestedFile(line, file) is { } nested)
        {
            return nested.IsConstraint ? $"-c \"{nested.Path}\"" : $"-r \"{(IsAddress(nested.Path) ? nested.Path : Write(nested.Path, depth + 1))}\"";
        }

        if (ProjectOf(line) is not { } project)
        {
            return WithAbsoluteLinks(line, file);
        }

        // "NAME[extras] @ file:///path" or "path[extras]"
        var named = line.Text.IndexOf(" @ ", StringComparison.Ordinal);
        var place = (named < 0 ? line.Text : line.Text[..named]).Trim();
        var extras = place.EndsWith(']') && place.LastIndexOf('[') is var bracket and >= 0 ? place[bracket..] : "";
        return _wheels[project] + extras;
    }

    /// <summary>The folder of a project that the line names to be copied; null where it names none.</summary>
    private string? ProjectOf(RequirementsLine line) => LocalPackage.In(line, _codeFolder)
        .FirstOrDefault(package => !package.IsEditable && OsFile.IsFolder(package.Path) && ProjectFiles.Any(name => OsFile.IsFile(Path.Combine(package.Path, name))))?.Path;

    /// <summary>The one file that the line names with <c>-r</c> or <c>-c</c> and with nothing else; null where there is none.</summary>
    private static (string Path, bool IsConstraint)? NestedFile(RequirementsLine line, string file)
    {
        if (line.NestedFiles.Take(2).ToArray() is not [var name] || line.Words.Count > 2)
        {
            return null;
        }

        var isConstraint = line.Words[0].StartsWith("-c", StringComparison.Ordinal) || line.Words[0].StartsWith("--c", StringComparison.Ordinal);
        return (IsAddress(name) ? name : Path.GetFullPath(LocalPackage.WithoutFileScheme(name), Path.GetDirectoryName(file)!), isConstraint);
    }

    /// <summary>pip takes a folder of links from where the file is, if it is there.</summary>
    private static string WithAbsoluteLinks(RequirementsLine line, string file)
    {
        if (!LinkOptions.Any(option => line.Words[0].StartsWith(option, StringComparison.Ordinal)))
        {
            return line.Plain;
        }

        var value = line.Words.Count == 2 ? line.Words[1] : line.Words[0] is var word && word.Contains('=', StringComparison.Ordinal) ? word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..] : null;
        return value is not null && Path.GetFullPath(value, Path.GetDirectoryName(file)!) is var path && OsFile.IsThere(path) ? $"--find-links \"{path}\"" : line.Plain;
    }

    private static bool IsAddress(string name) =>
        name.Contains("://", StringComparison.Ordinal) && !name.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
}

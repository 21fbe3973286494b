using System.Globalization;

namespace Entrypoint.Preparation;

/// <summary>
/// A requirement that is a path: a wheel, a source archive, a folder with a project. pip takes relative ones from the folder that it
/// runs in, which is the code's. What is installed depends on them as much as on the requirements file.
/// </summary>
internal static class LocalPackage
{
    /// <summary>From this many files on only the folder's name counts: looking at all of them would cost more than it saves.</summary>
    private const int MaximalFiles = 5000;

    /// <summary>What pip and Python themselves write into a project's folder.</summary>
    private static readonly string[] Noise = [".git", ".hg", ".svn", ".bzr", "__pycache__", "build", "dist"];

    /// <summary>What decides what an editable installation looks like; its modules are read from where they are.</summary>
    private static readonly string[] ProjectFiles = ["pyproject.toml", "setup.py", "setup.cfg"];

    /// <summary>Adds what the local packages of a line consist of.</summary>
    /// <param name="add">Called with each part.</param>
    /// <param name="folder">The folder that pip runs in.</param>
    public static void AddTo(Action<string> add, RequirementsLine line, string folder)
    {
        foreach (var editable in line.Editables)
        {
            if (PathOf(editable, folder) is { } path)
            {
                // Installed is a reference to this very folder: the same text elsewhere means something else.
                add(path);
                AddFiles(add, ProjectFiles.Select(name => new FileInfo(Path.Combine(path, name))).Where(file => file.Exists));
            }
        }

        if (line.Words is [var first, ..] && !first.StartsWith('-') && PathOf(Target(line), folder) is { } target)
        {
            AddFiles(add, File.Exists(target) ? [new FileInfo(target)] : FilesBelow(target));
        }
    }

    /// <summary>The path of a <c>file:</c> URL; anything else as it is.</summary>
    public static string WithoutFileScheme(string text)
    {
        if (!text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        var path = text["file:".Length..];
        path = path.StartsWith("//localhost/", StringComparison.OrdinalIgnoreCase) ? path["//localhost".Length..]
            : path.StartsWith("//", StringComparison.Ordinal) ? path[2..]
            : path;
        return Uri.UnescapeDataString(path.Split('#')[0]);
    }

    private static string Target(RequirementsLine line)
    {
        // "name @ file:///path" and "./path ; python_version > '3'"
        var at = line.Words.ToList().IndexOf("@");
        return at == 1 && line.Words.Count > 2 ? line.Words[2] : line.Words[0];
    }

    private static string? PathOf(string requirement, string folder)
    {
        var text = requirement.Split(';')[0].Trim();
        if (text.Contains("://", StringComparison.Ordinal) && !text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        text = WithoutFileScheme(text);
        if (text.EndsWith(']') && text.LastIndexOf('[') is var bracket and > 0)
        {
            text = text[..bracket];
        }

        var isPath = text.StartsWith('.') || text.Contains('/', StringComparison.Ordinal) || text.EndsWith(".whl", StringComparison.OrdinalIgnoreCase);
        var path = isPath ? Path.GetFullPath(text, folder) : "";
        return isPath && Path.Exists(path) ? path : null;
    }

    private static IEnumerable<FileInfo> FilesBelow(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => !Path.GetRelativePath(folder, file.FullName).Split('/')
                .Any(part => Noise.Contains(part, StringComparer.Ordinal) || part.EndsWith(".egg-info", StringComparison.Ordinal)))
            .Take(MaximalFiles)
            .OrderBy(file => file.FullName, StringComparer.Ordinal);

    private static void AddFiles(Action<string> add, IEnumerable<FileInfo> files)
    {
        foreach (var file in files)
        {
            add(file.Name);
            add(file.Length.ToString(CultureInfo.InvariantCulture));
            add(new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        }
    }
}

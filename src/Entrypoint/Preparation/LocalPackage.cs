using Entrypoint.Linux;

namespace Entrypoint.Preparation;

/// <summary>
/// A requirement that is a path: a wheel, a source archive, a folder with a project. pip takes relative ones from the folder that it
/// runs in, which is the code's.
/// </summary>
/// <param name="Path">The absolute path.</param>
/// <param name="IsEditable">Whether its modules are used from where they are (<c>-e</c>).</param>
internal sealed record LocalPackage(string Path, bool IsEditable)
{
    /// <summary>More files than that are not looked at: it would cost more than it saves.</summary>
    private const int MostFiles = 20_000;

    /// <summary>What pip, Python and version control write into a project's folder.</summary>
    private static readonly string[] Noise = [".git", ".hg", ".svn", ".bzr", "__pycache__", "build", "dist"];

    /// <summary>What says which project it is and what it depends on.</summary>
    private static readonly string[] ProjectFiles = ["pyproject.toml", "setup.py", "setup.cfg"];

    /// <summary>Whether there are too many files to look at all of them.</summary>
    public bool HasTooManyFiles { get; private set; }

    /// <summary>
    /// The files that decide what is installed: the archive itself, all of a project that is copied, the description of one that is used
    /// from where it is.
    /// </summary>
    public IEnumerable<string> Files =>
        OsFile.IsFile(Path) ? [Path]
        : IsEditable ? ProjectFiles.Select(name => System.IO.Path.Combine(Path, name)).Where(OsFile.IsFile)
        : FilesBelow(Path);

    /// <summary>Whether what is to be installed is a path.</summary>
    public static bool IsLocal(string requirement, string folder) => PathOf(requirement, folder) is not null;

    /// <summary>The local packages of a line.</summary>
    /// <param name="folder">The folder that pip runs in.</param>
    public static IEnumerable<LocalPackage> In(RequirementsLine line, string folder)
    {
        foreach (var editable in line.Editables)
        {
            if (PathOf(editable, folder) is { } path)
            {
                yield return new LocalPackage(path, IsEditable: true);
            }
        }

        if (line.Words is [var first, ..] && !first.StartsWith('-') && PathOf(Target(line), folder) is { } target)
        {
            yield return new LocalPackage(target, IsEditable: false);
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

    /// <summary>What a line installs: of "name @ file:///path" the path.</summary>
    private static string Target(RequirementsLine line) => line.Words is [_, "@", var target, ..] ? target : line.Words[0];

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
        var path = isPath ? System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(text, folder)) : "";
        return isPath && OsFile.IsThere(path) ? path : null;
    }

    private string[] FilesBelow(string folder)
    {
        string[] files = [.. Walk(folder).Take(MostFiles + 1)];
        HasTooManyFiles = files.Length > MostFiles;
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>The files in a folder and those below it; links are not followed.</summary>
    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var name in OsFile.Names(folder))
        {
            var path = System.IO.Path.Combine(folder, name);
            if (Noise.Contains(name, StringComparer.Ordinal) || name.EndsWith(".egg-info", StringComparison.Ordinal))
            {
                continue;
            }

            var kind = FileCalls.StatusOfLink(path) is { Succeeded: true } status ? status.Value.Kind : FileKind.Link;
            foreach (var file in kind switch { FileKind.Folder => Walk(path), FileKind.Link => [], _ => [path] })
            {
                yield return file;
            }
        }
    }
}

using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Preparation.Projects;
using Entrypoint.Sources;

namespace Entrypoint.Preparation;

/// <summary>What the sources of packages look at: the code's own folder, and what was asked for.</summary>
internal sealed class SourceContext(PreparationTools tools, CodeTree tree)
{
    private ProjectFile? _project;

    public PreparationTools Tools => tools;

    public Options Options => tools.Options;

    public CodeTree Tree => tree;

    /// <summary>What the <c>pyproject.toml</c> says; null where there is none.</summary>
    /// <exception cref="EntrypointException">78: it is broken; 74 or 77: it cannot be read.</exception>
    public ProjectFile? Project => _project ??= Has(ProjectFile.FileName) ? ProjectFile.Read(ReadText(ProjectFile.FileName)) : null;

    /// <summary>Whether a file of that name is there.</summary>
    /// <exception cref="EntrypointException">66 or 77: as <see cref="SourceFile.IsThere"/>.</exception>
    public bool Has(string name) => SourceFile.IsThere(PathOf(name));

    /// <summary>The full path of a file in the folder.</summary>
    public string PathOf(string name) => Path.Combine(tree.Folder, name);

    /// <summary>The text of a file in the folder.</summary>
    /// <exception cref="EntrypointException">74 or 77: it cannot be read.</exception>
    public string ReadText(string name) => System.Text.Encoding.UTF8.GetString(Read(PathOf(name))).TrimStart('\uFEFF');

    /// <summary>The content of a file.</summary>
    /// <exception cref="EntrypointException">74 or 77: it cannot be read.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return OsFile.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EntrypointException(
                exception is UnauthorizedAccessException ? ExitCode.NoPermission : ExitCode.InputOutput, $"Cannot read {path}: {exception.Message}", exception);
        }
    }
}

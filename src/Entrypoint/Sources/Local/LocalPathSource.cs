using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Sources.Archives;

namespace Entrypoint.Sources.Local;

/// <summary>Code that is already on this machine: a folder or a script is used where it is, an archive is unpacked.</summary>
internal sealed class LocalPathSource(LocalPath reference, FetchContext context) : ICodeSource
{
    public Task<CodeTree> FetchAsync(CancellationToken cancellationToken) => Task.Run(() => Fetch(cancellationToken), cancellationToken);

    /// <summary>The code where it is; null for an archive, which must be unpacked first.</summary>
    /// <exception cref="EntrypointException">66, 77 or 74: the file cannot be read.</exception>
    public static CodeTree? InPlace(string path)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (OsFile.IsFolder(path))
        {
            return new CodeTree(path, path);
        }

        var isScript = !HasLength(path) || !Archive.IsArchive(path, path);
        return isScript ? new CodeTree(FolderOf(path), path) : null;
    }

    /// <summary>
    /// A pipe or a device has none, and can be read but once: that is for Python to do. (The link of bash's <c>&lt;(…)</c> leads to
    /// no path at all.)
    /// </summary>
    private static bool HasLength(string path) => FileCalls.Status(path) is { Succeeded: true, Value: { Kind: FileKind.File, Size: > 0 } };

    /// <summary>The folder of a script: where a link leads, since Python imports from there too (and the original looked there).</summary>
    private static string FolderOf(string script) => Path.GetDirectoryName(OsFile.FinalTarget(script) ?? script)!;

    private CodeTree Fetch(CancellationToken cancellationToken)
    {
        var path = reference.Path;
        if (InPlace(path) is { } tree)
        {
            return tree;
        }

        context.Log.Information("Unpacking {Archive}", path);
        var folder = Archive.UnpackFile(path, path, () => context.Temporary.Create("archive"), cancellationToken)
            ?? throw new EntrypointException(ExitCode.InputOutput, $"{path} was changed while it was read; try again.");
        return CodeRoot.OfArchive(folder, subdirectory: null, path);
    }
}

using Entrypoint.Sources.Archives;

namespace Entrypoint.Sources;

/// <summary>Code that is already on this machine: a folder or a script is used where it is, an archive is unpacked.</summary>
internal sealed class LocalPathSource(LocalPath reference, FetchContext context) : ICodeSource
{
    public Task<CodeTree> FetchAsync(CancellationToken cancellationToken) => Task.Run(() => Fetch(cancellationToken), cancellationToken);

    /// <summary>The code where it is; null for an archive, which must be unpacked first.</summary>
    /// <exception cref="EntrypointException">66, 77 or 74: the file cannot be read.</exception>
    public static CodeTree? InPlace(string path)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (Directory.Exists(path))
        {
            return new CodeTree(path, path);
        }

        // A pipe or a device (bash's <(…)) has no length, and can be read but once: that is for Python to do.
        var isScript = new FileInfo(path) is { Exists: true, Length: 0 } || !Archive.IsArchive(path, path);
        return isScript ? new CodeTree(Path.GetDirectoryName(path)!, path) : null;
    }

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

using Entrypoint.Sources.Archives;

namespace Entrypoint.Sources;

/// <summary>Code that is already on this machine: a folder or a script is used where it is, an archive is unpacked.</summary>
internal sealed class LocalPathSource(LocalPath reference, FetchContext context) : ICodeSource
{
    public Task<CodeTree> FetchAsync(CancellationToken cancellationToken) => Task.Run(() => Fetch(cancellationToken), cancellationToken);

    private CodeTree Fetch(CancellationToken cancellationToken)
    {
        var path = Path.TrimEndingDirectorySeparator(reference.Path);
        if (Directory.Exists(path))
        {
            return new CodeTree(path, path);
        }

        // A pipe or a device (bash's <(…)) has no length, and can be read but once: that is for Python to do.
        var script = new CodeTree(Path.GetDirectoryName(path)!, path);
        if (new FileInfo(path) is { Exists: true, Length: 0 })
        {
            return script;
        }

        var folder = Archive.UnpackFile(path, path, () => context.Temporary.Create("archive"), cancellationToken);
        if (folder is null)
        {
            return script;
        }

        context.Log.Debug("Unpacked {Archive} to {Folder}", path, folder);
        return CodeRoot.OfArchive(folder, subdirectory: null, path);
    }
}

using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Sources.Archives;

namespace Entrypoint.Sources.Local;

/// <summary>Code that is already on this machine: a folder or a script is used where it is, an archive is unpacked.</summary>
internal sealed class LocalPathSource(LocalPath reference, FetchContext context) : ICodeSource
{
    public Task<CodeTree> FetchAsync(CancellationToken cancellationToken) => Task.Run(() => Fetch(cancellationToken), cancellationToken);

    /// <summary>The code where it is; null for an archive, which must be unpacked first.</summary>
    /// <exception cref="EntrypointException">65: it is no code, or has another digest. 66: there is no such part of it. 66, 77 or 74: it cannot be read.</exception>
    public static CodeTree? InPlace(LocalPath reference)
    {
        var path = Path.TrimEndingDirectorySeparator(reference.Path);
        var (subdirectory, digest) = reference.Fragment;
        if (OsFile.IsFolder(path))
        {
            return digest is null ? Subdirectory.Select(path, subdirectory, path) : throw new EntrypointException(
                ExitCode.DataError, $"{path} is a folder, which has no {digest.Algorithm}: leave that out, or name an archive or a file.");
        }

        if (HasLength(path) && Archive.IsArchive(path, path))
        {
            return null;
        }

        RequireScript(path);
        DigestCheck.Require(digest, path, path);
        return subdirectory is null
            ? new CodeTree(FolderOf(path), path)
            : throw new EntrypointException(ExitCode.NoInput, $"There is no folder '{subdirectory}' in {path}, which is a single file and no archive.");
    }

    /// <summary>A file that is no archive is for Python, unless its name says that it is something else.</summary>
    private static void RequireScript(string path)
    {
        if (Notebook.IsNamedLikeOne(path))
        {
            throw Notebook.Refusal(path, path);
        }

        if (ArchiveName.IsOne(path) && FileCalls.IsRegularFile(path))
        {
            throw ArchiveName.Refusal(path, FileContent.Look(path));
        }
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
        if (InPlace(reference) is { } tree)
        {
            return tree;
        }

        DigestCheck.Require(reference.Fragment.Digest, path, path);

        context.Log.Information("Unpacking {Archive}", path);
        var folder = Archive.UnpackFile(path, path, () => context.Temporary.Create("archive"), cancellationToken)
            ?? throw new EntrypointException(ExitCode.InputOutput, $"{path} was changed while it was read; try again.");
        return CodeRoot.OfArchive(folder, reference.Fragment.Subdirectory, path);
    }
}

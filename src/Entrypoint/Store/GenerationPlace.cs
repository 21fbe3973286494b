using System.Text.Json;
using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>
/// One folder with generations. A generation of the key K is the folder K, or K and some letters where there is a K already; beside it
/// lies the file of its <see cref="Lease"/>. The file <c>.K.current</c> says which one is named.
/// </summary>
/// <param name="trust">Decides whose are used.</param>
internal sealed class GenerationPlace(string folder, Trust trust, StoreContext context)
{
    /// <summary>Between a key and the letters. Keys have none.</summary>
    private const char Separator = '.';

    private const int SuffixLength = 8;

    private const string StampEnding = ".current";

    /// <summary>In a generation: the same as in its stamp, so that people and tools see in the folder alone that it is complete.</summary>
    private const string CompleteFile = ".entrypoint-complete";

    private const int MostTries = 100;

    /// <summary>Where it is; need not be there.</summary>
    public string Folder => folder;

    /// <summary>The generation that is named; null where there is none that may be used.</summary>
    public Generation? Find(string key) => ReadStamp(key) is { } stamp ? OfStamp(stamp) : null;

    /// <summary>The folders of all generations, named or not, and when each was used last.</summary>
    public IEnumerable<(string Path, DateTimeOffset LastUse)> All() =>
        Lease.NamesIn(folder).Order(StringComparer.Ordinal)
            .Select(name => Path.Combine(folder, name))
            .Select(path => (path, FileCalls.StatusOfLink(Lease.FileOf(path))))
            .Where(found => found.Item2.Succeeded)
            .Select(found => (found.path, found.Item2.Value.Changed));

    /// <summary>Starts a new one, in a folder that is not there yet.</summary>
    /// <exception cref="EntrypointException">73 or 74: it cannot be made there.</exception>
    public GenerationBuild Begin(string key)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var path = Path.Combine(folder, attempt == 0 ? key : $"{key}{Separator}{Path.GetRandomFileName()[..SuffixLength]}");
            if (FileCalls.StatusOfLink(path).Error != Errno.ENOENT)
            {
                continue;
            }

            var (lease, error) = Lease.Claim(path, context.Token);
            if (lease is not null && FileCalls.StatusOfLink(path).Error == Errno.ENOENT)
            {
                return new GenerationBuild(this, key, path, lease, context);
            }

            lease?.Dispose();
            if (lease is null && error is not (Errno.EEXIST or Errno.ELOOP))
            {
                throw new EntrypointException(
                    error is Errno.ENOSPC or Errno.EDQUOT ? ExitCode.InputOutput : ExitCode.CannotCreate,
                    $"Cannot make {path}: {error.Describe()}. Free space there, or set ENTRYPOINT_STATE or CONDA_ROOT to another place.");
            }
        }

        throw new EntrypointException(ExitCode.CannotCreate, $"Cannot make {Path.Combine(folder, key)}: all names are taken. Remove what is there.");
    }

    /// <summary>Says that a folder is the one of a key, in one go. It must lie in this place.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public void Name(Generation generation, string key)
    {
        // It is written inside, so that nothing else is left when this is killed before the rename.
        var written = Path.Combine(generation.Path, StampFile(key));
        var stamp = new GenerationStamp(key, Path.GetFileName(generation.Path), generation.Note);
        var content = JsonSerializer.SerializeToUtf8Bytes(stamp, StoreJson.Default.GenerationStamp);
        foreach (var file in new[] { Path.Combine(generation.Path, CompleteFile), written })
        {
            File.WriteAllBytes(file, content);
            _ = FileCalls.ChangeMode(file, Rights.OfFileIn(folder));
        }

        File.Move(written, Path.Combine(folder, StampFile(key)), overwrite: true);
    }

    /// <summary>Removes what is superseded, or was left half built, and is held by nobody.</summary>
    /// <param name="key">Only of this key; null for all.</param>
    public async Task RemoveUnnamedAsync(string? key)
    {
        foreach (var name in Lease.NamesIn(folder))
        {
            if ((key is null || KeyOf(name) == key) && !IsNamed(name))
            {
                _ = await RemoveAsync(Path.Combine(folder, name), evenNamed: false).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes a folder and all that belongs to it, unless somebody holds it.</summary>
    /// <param name="evenNamed">Whether it may be the one of its key.</param>
    /// <param name="withoutLocks">Whether it is removed where there are no locks, and nobody can tell whether it is held.</param>
    /// <returns>Whether it was removed.</returns>
    public async Task<bool> RemoveAsync(string path, bool evenNamed, bool withoutLocks = false)
    {
        var name = Path.GetFileName(path);
        if (!trust.Accepts(Lease.FileOf(path)))
        {
            return false;
        }

        using var alone = Lease.TakeForRemoval(path, withoutLocks);
        if (alone is null || (!evenNamed && IsNamed(name)))
        {
            return false;
        }

        try
        {
            // Whoever was killed while building it may have left programs that still write into it.
            await context.EndAbandonedProcessesAsync(alone.ReadToken() ?? context.Token).ConfigureAwait(false);
            RemoveAll(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            context.Log.Debug("Cannot remove {Folder}, which nobody uses any more: {Reason}", path, exception.Message);
            return false;
        }
    }

    /// <summary>Removes a folder and all that belongs to it. The caller is alone with it.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be removed.</exception>
    public void RemoveAll(string path)
    {
        // What is removed by half must not be named, and its file goes last, so that the next start goes on with it.
        foreach (var stamp in Directory.GetFiles(folder, $".*{StampEnding}").Where(stamp => ReadStampFile(stamp)?.Folder == Path.GetFileName(path)))
        {
            OsFile.Delete(stamp);
        }

        FolderRemoval.Remove(path);
        OsFile.Delete(Lease.FileOf(path));
    }

    private static string StampFile(string key) => $".{key}{StampEnding}";

    /// <summary>The key of the generation in a folder of that name.</summary>
    private static string KeyOf(string name) => name.Split(Separator)[0];

    private bool IsNamed(string name) => ReadStamp(KeyOf(name))?.Folder == name;

    private Generation? OfStamp(GenerationStamp stamp)
    {
        var path = Path.Combine(folder, stamp.Folder);
        return Path.GetFileName(stamp.Folder) == stamp.Folder && trust.Accepts(path) && OsFile.IsFolder(path)
            ? new Generation(stamp.Key, path, stamp.Note)
            : null;
    }

    private GenerationStamp? ReadStamp(string key) =>
        ReadStampFile(Path.Combine(folder, StampFile(key))) is { } stamp && stamp.Key == key ? stamp : null;

    private GenerationStamp? ReadStampFile(string path)
    {
        if (TrustedFile.Read(path, trust) is not { } content || !trust.AcceptsFolder(folder))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(content, StoreJson.Default.GenerationStamp);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

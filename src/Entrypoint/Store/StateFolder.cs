using Entrypoint.Failures;
using Entrypoint.Linux;
using Serilog;

namespace Entrypoint.Store;

/// <summary>
/// The folder <c>ENTRYPOINT_STATE</c>. It may have been filled by another user (an image's build) and lie on a volume that cannot be
/// written to: what is in it is used all the same, and new things go to a private temporary folder.
/// </summary>
/// <param name="path">Its full path; it need not be there.</param>
internal sealed class StateFolder(string path, TemporaryFolders temporary, ILogger log)
{
    /// <summary>Nobody takes that long to write a file.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(1);

    private const string LockEnding = ".lock";

    private readonly Lock _gate = new();
    private string? _temporary;
    private bool _hasWarned;

    /// <summary>Decides whose things are used.</summary>
    public Trust Trust { get; } = new(path, log);

    private string Locks => Path.Combine(path, "locks");

    /// <summary>Where things of a kind may be found, in the order to look.</summary>
    /// <param name="subfolder">The folder of that kind.</param>
    public IEnumerable<string> FoldersOf(string subfolder) =>
        (_temporary is { } other ? [other, path] : new[] { path }).Select(root => Path.Combine(root, subfolder));

    /// <summary>Whether what is written now will be there for the next start. Does not change anything.</summary>
    public bool Keeps(string subfolder) => Takes(Path.Combine(path, subfolder));

    /// <summary>Where something new would go, without making it.</summary>
    public string ExpectedPlace(string subfolder) => Path.Combine(_temporary is { } other && !Keeps(subfolder) ? other : path, subfolder);

    /// <summary>Where something new goes: the state folder, or, with a warning, a temporary folder that stands in for it. It exists.</summary>
    /// <param name="subfolder">The folder for its kind, which is made.</param>
    /// <exception cref="EntrypointException">73: nowhere.</exception>
    public string MakeFolder(string subfolder)
    {
        lock (_gate)
        {
            var folder = Path.Combine(path, subfolder);
            var reason = Make(folder);
            if (reason is null)
            {
                return folder;
            }

            if (!_hasWarned)
            {
                _hasWarned = true;
                log.Warning(
                    "What this run prepares is kept only until it ends, because the folder {Folder} cannot be used: {Reason} Set ENTRYPOINT_STATE to a folder that lasts.",
                    FileCalls.MayWrite(path) ? folder : path,
                    reason);
            }

            return MakeTemporaryFolder(subfolder);
        }
    }

    /// <summary>Where something goes that nobody else can use: a temporary folder. It exists.</summary>
    /// <exception cref="EntrypointException">73: there is no place for it.</exception>
    public string MakeTemporaryFolder(string subfolder)
    {
        lock (_gate)
        {
            _temporary ??= temporary.Create("state");
            return Directory.CreateDirectory(Path.Combine(_temporary, subfolder)).FullName;
        }
    }

    /// <summary>
    /// The file for a lock; null where none can be there (a full disk, another user's folder): a lock in a private folder keeps nobody out.
    /// </summary>
    public string? LockFile(string name) =>
        Make(Locks) is null || (OsFile.IsFolder(Locks) && Trust.AcceptsFolder(Locks)) ? Path.Combine(Locks, name + LockEnding) : null;

    /// <summary>Removes the lock files that starts which were killed have left.</summary>
    public void RemoveAbandonedLocks()
    {
        if (OsFile.IsFolder(Locks) && Trust.AcceptsFolder(Locks))
        {
            foreach (var file in Directory.GetFiles(Locks, $"*{LockEnding}"))
            {
                StateLock.RemoveAbandoned(file);
            }
        }
    }

    /// <summary>The generations of a kind.</summary>
    /// <param name="subfolder">The folder of that kind.</param>
    public GenerationStore Generations(string subfolder, StoreContext context)
    {
        GenerationPlace In(string folder) => new(folder, Trust, context);
        return new GenerationStore(
            () => FoldersOf(subfolder).Select(In), isPrivate => In(isPrivate ? MakeTemporaryFolder(subfolder) : MakeFolder(subfolder)), context);
    }

    /// <summary>All places with generations, of whatever kind, that are in it.</summary>
    public IEnumerable<GenerationPlace> Places(StoreContext context) =>
        OsFile.IsFolder(path) && Trust.AcceptsFolder(path)
            ? Directory.GetDirectories(path).Order(StringComparer.Ordinal).Where(Trust.AcceptsFolder).Select(folder => new GenerationPlace(folder, Trust, context))
            : [];

    /// <summary>The content of a file that was written before; null where there is none that may be used.</summary>
    public byte[]? Read(string subfolder, string name) =>
        FoldersOf(subfolder).Select(folder => TrustedFile.Read(Path.Combine(folder, name), Trust)).FirstOrDefault(content => content is not null);

    /// <summary>Writes a file into a subfolder, in one go.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    /// <exception cref="EntrypointException">73: the folder cannot be made.</exception>
    public void Write(string subfolder, string name, ReadOnlySpan<byte> content)
    {
        var file = Path.Combine(MakeFolder(subfolder), name);
        RemoveUnfinished(file);
        AtomicFile.Write(file, content);
        _ = FileCalls.ChangeMode(file, Rights.OfFileIn(Path.GetDirectoryName(file)!));
    }

    /// <summary>Removes what starts that were killed while they wrote the file have left.</summary>
    private static void RemoveUnfinished(string file)
    {
        foreach (var left in Directory.GetFiles(Path.GetDirectoryName(file)!, $".{Path.GetFileName(file)}.*"))
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(left) > LongestWrite)
            {
                OsFile.Delete(left);
            }
        }
    }

    /// <summary>Makes a folder in it; returns why it cannot be used, or null.</summary>
    private string? Make(string folder)
    {
        try
        {
            Rights.MakeFolder(path);
            Rights.MakeFolder(folder);
            return !FileCalls.MayWrite(folder) ? "it cannot be written to by this user."
                : Trust.AcceptsFolder(folder) ? null
                : "others than those that are trusted made it.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private bool Takes(string folder) => Writability.MayCreate(folder) && (!OsFile.IsFolder(folder) || Trust.AcceptsFolder(folder));
}

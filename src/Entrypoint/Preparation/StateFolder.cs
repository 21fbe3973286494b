using Entrypoint.Failures;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// The folder <c>ENTRYPOINT_STATE</c>: stamps, locks, virtual environments. It may have been filled by another user (an image's build)
/// and lie on a volume that cannot be written to: what is in it is used all the same, and new things go to a private temporary folder.
/// </summary>
internal sealed class StateFolder(string path, TemporaryFolders temporary, ILogger log)
{
    /// <summary>Readable by everyone: an image is built by one user and run by another. There is nothing secret in it.</summary>
    private const UnixFileMode FolderMode = (UnixFileMode)0b111_101_101;

    private const UnixFileMode FileMode = (UnixFileMode)0b110_100_100;

    private readonly Lock _gate = new();
    private string? _writable;

    /// <summary>Where things may be found, in the order to look.</summary>
    public IEnumerable<string> Roots => _writable is { } root && !IsShared(root) ? [root, path] : [path];

    /// <summary>Whether what is written now will be there for the next start. Does not change anything.</summary>
    public bool IsKept => _writable is { } root ? IsShared(root) : Writability.MayCreate(path);

    /// <summary>Where something new goes: the state folder, or the temporary folder that stands in for it. It exists.</summary>
    /// <param name="subfolder">A folder in it, which is made.</param>
    /// <exception cref="EntrypointException">73: nowhere.</exception>
    public string ForNew(string subfolder)
    {
        lock (_gate)
        {
            _writable ??= Choose();
            var folder = Path.Combine(_writable, subfolder);
            try
            {
                Make(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new EntrypointException(
                    ExitCode.CannotCreate, $"Cannot make the folder {folder}: {exception.Message} Check ENTRYPOINT_STATE.", exception);
            }

            return folder;
        }
    }

    /// <summary>
    /// The file for a lock; null where none can be there (a full disk, another user's folder): a lock in a private folder keeps nobody out.
    /// </summary>
    public string? ForLock(string name)
    {
        var folder = Path.Combine(path, "locks");
        try
        {
            Make(path);
            Make(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.Debug("There can be no locks in {Folder}: {Reason}", folder, exception.Message);
        }

        return Directory.Exists(folder) ? Path.Combine(folder, name + ".lock") : null;
    }

    /// <summary>Writes a file into a subfolder, in one go.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    /// <exception cref="EntrypointException">73: the folder cannot be made.</exception>
    public void Write(string subfolder, string name, ReadOnlySpan<byte> content) =>
        AtomicFile.Write(Path.Combine(ForNew(subfolder), name), content, FileMode);

    /// <summary>Where a new thing would go, without making it.</summary>
    public string PlaceOfNew(string subfolder) => Path.Combine(_writable ?? path, subfolder);

    private bool IsShared(string root) => string.Equals(root, path, StringComparison.Ordinal);

    private string Choose()
    {
        string reason;
        try
        {
            Make(path);
            if (Writability.MayWrite(path))
            {
                return path;
            }

            reason = "it cannot be written to by this user.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reason = exception.Message;
        }

        var root = temporary.Create("state");
        log.Warning(
            "What this run prepares is kept only until it ends, because the folder {Folder} cannot be used: {Reason} Set ENTRYPOINT_STATE to a folder that lasts.",
            path,
            reason);
        return root;
    }

    private static void Make(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, FolderMode);
        }
    }
}

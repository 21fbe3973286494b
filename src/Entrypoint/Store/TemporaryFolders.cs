using Entrypoint.Failures;
using Entrypoint.Linux;
using Serilog;

namespace Entrypoint.Store;

/// <summary>The private temporary folders of one run (mode 0700, below <c>TMPDIR</c>, else <c>/tmp</c>), removed when it is disposed of.</summary>
/// <param name="root">The folder that they are made in; absolute.</param>
internal sealed class TemporaryFolders(string root, ILogger log) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<string> _folders = [];

    /// <summary>The folder that they are made in; absolute.</summary>
    public string Root => root;

    /// <summary>Makes a new one.</summary>
    /// <param name="purpose">A word for its name: <c>entrypoint-&lt;purpose&gt;-XXXXXX</c>.</param>
    /// <exception cref="EntrypointException">73: it cannot be made.</exception>
    public string Create(string purpose)
    {
        lock (_gate)
        {
            var path = Path.Combine(root, $"entrypoint-{purpose}-{Path.GetRandomFileName()[..8]}");
            try
            {
                OsFile.MakeFolder(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new EntrypointException(
                    ExitCode.CannotCreate,
                    $"Cannot make a temporary folder in {root}: {exception.Message}. Set TMPDIR to a folder that can be written to.",
                    exception);
            }

            _folders.Add(path);
            return path;
        }
    }

    /// <summary>Whether a path lies in one of them.</summary>
    public bool Holds(string path)
    {
        lock (_gate)
        {
            return _folders.Exists(folder => path.StartsWith(folder + "/", StringComparison.Ordinal) || path == folder);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var folder in _folders)
            {
                Remove(folder);
            }

            _folders.Clear();
        }
    }

    private void Remove(string folder)
    {
        try
        {
            FolderRemoval.Remove(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.Warning("Cannot remove the temporary folder {Folder}: {Reason}", folder, exception.Message);
        }
    }
}

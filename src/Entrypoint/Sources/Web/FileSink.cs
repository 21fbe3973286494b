using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources.Web;

/// <summary>Writes a download to a file.</summary>
internal sealed class FileSink : IDownloadSink, IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;

    /// <param name="path">Must not exist.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public FileSink(string path)
    {
        _path = path;
        _file = OsFile.Create(path);
    }

    public Task BeginAsync(string? type)
    {
        _file.SetLength(0);
        _file.Position = 0;
        return Task.CompletedTask;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            // Into the page cache: faster than to hand it to another thread.
            _file.Write(bytes.Span);
            return ValueTask.CompletedTask;
        }
        catch (IOException exception)
        {
            throw new EntrypointException(
                ExitCode.InputOutput, $"Cannot write the download to {Path.GetDirectoryName(_path)}: {exception.Message} Make room there.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}

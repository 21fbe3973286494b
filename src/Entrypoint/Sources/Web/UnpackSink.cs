using Entrypoint.Linux;
using Entrypoint.Sources.Archives;
using Entrypoint.Store;

namespace Entrypoint.Sources.Web;

/// <summary>
/// Takes a download that need not be kept: a tar archive is unpacked while it arrives, by a thread of its own; a zip archive, which is
/// read from its end, and a script are written to a file first.
/// </summary>
/// <param name="display">The address, for messages.</param>
/// <param name="fileName">What a script is called.</param>
internal sealed class UnpackSink(string display, string fileName, TemporaryFolders temporary, CancellationToken stopping) : IDownloadSink, IAsyncDisposable
{
    private readonly MemoryStream _head = new(ArchiveContent.HeadLength);
    private string? _folder;
    private bool _decided;
    private FileSink? _file;
    private ByteQueue? _queue;
    private Task? _unpacking;

    private string FilePath => Path.Combine(_folder!, fileName);

    public async Task BeginAsync()
    {
        await DropAsync().ConfigureAwait(false);
        _folder = temporary.Create("download");
        _head.SetLength(0);
        _decided = false;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!_decided)
        {
            var missing = (int)Math.Min(bytes.Length, ArchiveContent.HeadLength - _head.Length);
            _head.Write(bytes.Span[..missing]);
            bytes = bytes[missing..];
            if (_head.Length < ArchiveContent.HeadLength)
            {
                return;
            }

            await DecideAsync(cancellationToken).ConfigureAwait(false);
        }

        await PassOnAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All has arrived.</summary>
    /// <returns>The folder of an unpacked archive, or the path of a script.</returns>
    public async Task<(string Path, bool IsArchive)> CompleteAsync(CancellationToken cancellationToken)
    {
        if (!_decided)
        {
            await DecideAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_unpacking is not null)
        {
            _queue!.End();
            await _unpacking.ConfigureAwait(false);
            return (_folder!, true);
        }

        _file!.Dispose();
        var unpacked = await Task.Run(
            () => Archive.UnpackFile(FilePath, display, () => temporary.Create("archive"), cancellationToken), cancellationToken).ConfigureAwait(false);
        if (unpacked is null)
        {
            return (FilePath, false);
        }

        OsFile.Delete(FilePath);
        return (unpacked, true);
    }

    /// <summary>Ends the unpacking, so that nothing writes to the folder any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _head.DisposeAsync().ConfigureAwait(false);
    }

    private async Task DecideAsync(CancellationToken cancellationToken)
    {
        _decided = true;
        var head = _head.ToArray();
        var format = ArchiveContent.Recognise(head);
        if (format is ArchiveFormat.None or ArchiveFormat.Zip)
        {
            _file = new FileSink(FilePath);
        }
        else
        {
            var (folder, queue) = (_folder!, _queue = new ByteQueue());
            _unpacking = Task.Run(() => Unpack(queue, format, folder), CancellationToken.None);
        }

        await PassOnAsync(head, cancellationToken).ConfigureAwait(false);
    }

    private void Unpack(ByteQueue queue, ArchiveFormat format, string folder)
    {
        try
        {
            Archive.UnpackStream(queue, format, display, () => folder, stopping);
        }
        finally
        {
            // The writer is not to wait for a reader that has gone.
            queue.Abort();
        }
    }

    private async ValueTask PassOnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_file is not null)
        {
            await _file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await _queue!.AddAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The unpacking has failed, and says why.
            await _unpacking!.ConfigureAwait(false);
            throw;
        }
    }

    private async Task DropAsync()
    {
        await StopAsync().ConfigureAwait(false);
        if (_folder is not null)
        {
            FolderRemoval.Remove(_folder);
            _folder = null;
        }
    }

    private async Task StopAsync()
    {
        _file?.Dispose();
        _file = null;
        if (_queue is not null)
        {
            await _queue.AbortAsync().ConfigureAwait(false);
            await _unpacking!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _queue.DisposeAsync().ConfigureAwait(false);
            (_queue, _unpacking) = (null, null);
        }
    }
}

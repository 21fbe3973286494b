using System.IO.Pipelines;
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
    private const int QueueLength = 2 * 1024 * 1024;
    private const int SegmentLength = 64 * 1024;

    private readonly MemoryStream _head = new(ArchiveContent.HeadLength);
    private string? _folder;
    private bool _decided;
    private FileSink? _file;
    private Pipe? _queue;
    private Task? _unpacking;

    /// <summary>The media type that the server gave the file; null where it gave none.</summary>
    public string? Type { get; private set; }

    private string FilePath => Path.Combine(_folder!, fileName);

    public async Task BeginAsync(string? type)
    {
        await DropAsync().ConfigureAwait(false);
        Type = type;
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
            await _queue!.Writer.CompleteAsync().ConfigureAwait(false);
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
            // Bounded: the download waits while the unpacking is behind.
            var queue = _queue = new Pipe(new PipeOptions(
                pauseWriterThreshold: QueueLength, resumeWriterThreshold: QueueLength / 2, minimumSegmentSize: SegmentLength, useSynchronizationContext: false));
            var folder = _folder!;
            _unpacking = Task.Run(() => Unpack(queue.Reader, format, folder), CancellationToken.None);
        }

        await PassOnAsync(head, cancellationToken).ConfigureAwait(false);
    }

    private void Unpack(PipeReader reader, ArchiveFormat format, string folder)
    {
        try
        {
            using var stream = reader.AsStream(leaveOpen: true);
            Archive.UnpackStream(stream, format, display, () => folder, stopping);
        }
        finally
        {
            // The writer is not to wait for a reader that has gone.
            reader.Complete();
        }
    }

    private async ValueTask PassOnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_file is not null)
        {
            await _file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        var flushed = await _queue!.Writer.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        if (flushed.IsCompleted)
        {
            // The unpacking has failed, and says why; or it has all that it wants.
            await _unpacking!.ConfigureAwait(false);
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
            await _queue.Writer.CompleteAsync(new OperationCanceledException("The download has ended.")).ConfigureAwait(false);
            await _unpacking!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            (_queue, _unpacking) = (null, null);
        }
    }
}

using System.Buffers;
using System.Collections.Concurrent;

namespace Entrypoint.Sources.Web;

/// <summary>
/// Hands bytes from a download to the thread that unpacks them, in bounded memory: the writer waits while the queue is full, the reader
/// while it is empty. One writer, one reader.
/// </summary>
internal sealed class ByteQueue : ForwardStream
{
    private const int ChunkSize = 64 * 1024;
    private const int MostChunks = 32;

    private readonly SemaphoreSlim _free = new(MostChunks);
    private readonly SemaphoreSlim _filled = new(0);
    private readonly ConcurrentQueue<(byte[] Chunk, int Length)> _chunks = new();
    private readonly CancellationTokenSource _aborted = new();
    private (byte[] Chunk, int Length) _current;
    private int _taken;
    private bool _ended;

    /// <summary>Adds bytes; <see cref="OperationCanceledException"/> after <see cref="Abort"/>.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _aborted.Token);
        while (!bytes.IsEmpty)
        {
            await _free.WaitAsync(either.Token).ConfigureAwait(false);
            var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
            var length = Math.Min(bytes.Length, ChunkSize);
            bytes[..length].CopyTo(chunk);
            bytes = bytes[length..];
            _chunks.Enqueue((chunk, length));
            _filled.Release();
        }
    }

    /// <summary>No more will be added.</summary>
    public void End()
    {
        _chunks.Enqueue(([], 0));
        _filled.Release();
    }

    /// <summary>Makes both sides give up.</summary>
    public void Abort() => _aborted.Cancel();

    /// <summary><see cref="Abort"/>, for asynchronous code.</summary>
    public Task AbortAsync() => _aborted.CancelAsync();

    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        if (_taken == _current.Length && !TakeNext())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _current.Length - _taken);
        _current.Chunk.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _free.Dispose();
            _filled.Dispose();
            _aborted.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TakeNext()
    {
        if (_current.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_current.Chunk);
            _current = default;
            _free.Release();
        }

        _filled.Wait(_aborted.Token);
        _ = _chunks.TryDequeue(out _current);
        _taken = 0;
        _ended = _current.Length == 0;
        return !_ended;
    }
}

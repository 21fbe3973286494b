using System.Security.Cryptography;

namespace Entrypoint.Sources.Web;

/// <summary>
/// The body of an answer as it comes from the network: with a limit on how long the server may send nothing, and with whatever way a
/// network has of breaking told as <see cref="ServerUnavailableException"/>.
/// </summary>
/// <param name="display">What to call it in messages.</param>
/// <param name="digest">Learns all bytes; null for no digest.</param>
internal sealed class AnswerStream(Stream inner, string display, TimeSpan silence, IncrementalHash? digest, CancellationToken cancellationToken) : ForwardStream
{
    private readonly SilenceLimit _limit = new(silence, cancellationToken);
    private byte[] _head = [];
    private long _received;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_head.Length > 0)
        {
            var count = Math.Min(_head.Length, buffer.Length);
            _head.AsMemory(0, count).CopyTo(buffer);
            _head = _head[count..];
            return count;
        }

        return await ReceiveAsync(buffer).ConfigureAwait(false);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer) => throw new NotSupportedException();

    /// <summary>Looks at the first bytes (fewer where there are no more) without taking them.</summary>
    public async Task<ReadOnlyMemory<byte>> PeekAsync(int length)
    {
        var head = new byte[length];
        var filled = 0;
        int read;
        while (filled < length && (read = await ReceiveAsync(head.AsMemory(filled)).ConfigureAwait(false)) > 0)
        {
            filled += read;
        }

        return _head = head[..filled];
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _limit.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            var read = await inner.ReadAsync(buffer, _limit.Start()).ConfigureAwait(false);
            _limit.Stop();
            _received += read;
            digest?.AppendData(buffer.Span[..read]);
            return read;
        }
        catch (OperationCanceledException exception) when (_limit.Passed)
        {
            throw ServerUnavailableException.AfterSilence($"{display} stopped after {_received} bytes", silence, exception);
        }
        catch (IOException exception)
        {
            // An HttpIOException, a socket's failure, or TLS that was cut inside a record: all the same.
            throw new ServerUnavailableException($"The download of {display} broke off after {_received} bytes.", exception);
        }
    }
}

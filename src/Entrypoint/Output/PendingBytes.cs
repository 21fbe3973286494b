using Entrypoint.Linux;

namespace Entrypoint.Output;

/// <summary>Bytes on their way to a reader, which takes them piece by piece.</summary>
internal sealed class PendingBytes(byte[] bytes)
{
    private int _taken;
    private volatile bool _written;

    /// <summary>How many there are in all.</summary>
    public int Length => bytes.Length;

    /// <summary>Whether nothing is left to be written, since all of it was taken or the reader is gone.</summary>
    public bool IsWritten => _written;

    /// <summary>Whether the reader is gone.</summary>
    public bool Failed { get; private set; }

    /// <summary>What the reader has not taken yet.</summary>
    public ReadOnlySpan<byte> Rest => bytes.AsSpan(_taken);

    /// <summary>Notes what one call has written.</summary>
    public void Take(CallResult<int> written)
    {
        _taken += written.Succeeded ? written.Value : 0;
        Failed = !written.Succeeded;
        _written = Failed || _taken == bytes.Length;
    }
}

namespace Entrypoint.Sources.Archives;

/// <summary>A stream whose first bytes can be looked at before it is read. Read forward only; disposing of it leaves the inner stream open.</summary>
internal sealed class HeadStream : ForwardStream
{
    private readonly Stream _inner;
    private readonly byte[] _head = new byte[ArchiveContent.HeadLength];
    private readonly int _length;
    private int _given;

    public HeadStream(Stream inner)
    {
        _inner = inner;
        _length = inner.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
    }

    /// <summary>The first bytes: <see cref="ArchiveContent.HeadLength"/>, or all where there are fewer.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _length);

    public override int Read(byte[] buffer, int offset, int count) =>
        _given >= _length ? _inner.Read(buffer, offset, count) : Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_given >= _length)
        {
            return _inner.Read(buffer);
        }

        var count = Math.Min(buffer.Length, _length - _given);
        _head.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }
}

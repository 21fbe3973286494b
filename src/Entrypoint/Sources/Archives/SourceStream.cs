namespace Entrypoint.Sources.Archives;

/// <summary>The compressed bytes, buffered, so that a decompressor may read them a few at a time and a look ahead takes nothing away.</summary>
internal sealed class SourceStream(Stream inner) : ForwardStream
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private long _position;

    /// <summary>How many bytes were taken; xz's reader counts its padding by it.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether anything follows but the zeros that streams may be padded with, which are passed over.</summary>
    public bool HasMore()
    {
        while (Fill())
        {
            if (_buffer[_start] != 0)
            {
                return true;
            }

            _start++;
            _position++;
        }

        return false;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || !Fill())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        _position += count;
        return count;
    }

    private bool Fill()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, inner.Read(_buffer, 0, _buffer.Length));
        }

        return _start < _end;
    }
}

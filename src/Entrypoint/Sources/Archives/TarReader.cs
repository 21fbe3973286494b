using Entrypoint.Linux;

namespace Entrypoint.Sources.Archives;

/// <summary>An entry of a tar archive.</summary>
/// <param name="Size">How much data it has in the archive, in bytes.</param>
/// <param name="Time">The last change; null where the archive says nothing that a file system could hold.</param>
internal sealed record TarEntry(TarType Type, string Name, string LinkName, int Mode, long Size, DateTimeOffset? Time)
{
    /// <summary>Where its data belongs, for a sparse file; null for any other.</summary>
    public SparseMap? Map { get; init; }

    /// <summary>The size of a sparse file with its holes.</summary>
    public long RealSize { get; init; }
}

/// <summary>
/// Reads a tar archive from its beginning to its end, in memory that nothing in the archive can make grow. System.Formats.Tar, which
/// would be less to keep, reads no sparse files, and takes as much memory for a header as the header says.
/// </summary>
/// <param name="stream">The archive, decompressed; is left open.</param>
internal sealed class TarReader(Stream stream)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>What a header of fields or a long name may have, in bytes; real ones have some hundred.</summary>
    private const int MostHeaderData = 4 * 1024 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private PaxFields _all = PaxFields.Read([]);
    private int _start;
    private int _end;
    private long _left;
    private int _padding;

    /// <summary>Goes to the next entry; null at the mark that ends the archive.</summary>
    /// <exception cref="InvalidDataException">The archive is broken or ends too early.</exception>
    public TarEntry? ReadNext()
    {
        PaxFields? fields = null;
        string? longName = null, longLink = null;
        while (true)
        {
            SkipData();
            var block = Take(TarHeader.BlockSize);
            if (!block.ContainsAnyExcept((byte)0))
            {
                return null;
            }

            var header = new TarHeader(block);
            switch (header.Type)
            {
                case TarType.Extended or TarType.OldExtended:
                    fields = PaxFields.Read(HeaderData(header.Size));
                    break;
                case TarType.GlobalExtended:
                    _all = PaxFields.Read(HeaderData(header.Size)).Over(_all);
                    break;
                case TarType.LongName:
                    longName = OsText.Decode(HeaderData(header.Size).AsSpan().TrimEnd((byte)0));
                    break;
                case TarType.LongLink:
                    longLink = OsText.Decode(HeaderData(header.Size).AsSpan().TrimEnd((byte)0));
                    break;
                default:
                    fields = (fields ?? PaxFields.Read([])).Over(_all);
                    return Entry(header, fields, fields.Name ?? longName ?? OsText.Decode(header.Name), fields.LinkName ?? longLink);
            }
        }
    }

    /// <summary>The next piece of the entry's data; empty at its end. Good until the next call.</summary>
    /// <param name="most">How much at most, in bytes.</param>
    /// <exception cref="InvalidDataException">The archive ends too early.</exception>
    public ReadOnlySpan<byte> ReadData(long most)
    {
        if (_left == 0 || most == 0)
        {
            return [];
        }

        if (_start == _end && !Fill())
        {
            throw TooEarly();
        }

        var count = (int)Math.Min(Math.Min(_left, most), _end - _start);
        _start += count;
        _left -= count;
        return _buffer.AsSpan(_start - count, count);
    }

    /// <summary>Reads on to the end of the stream, so that a decompressor sees its checksums.</summary>
    public void ReadToEnd(CancellationToken cancellationToken)
    {
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            _start = _end;
        }
        while (Fill());
    }

    private TarEntry Entry(TarHeader header, PaxFields fields, string name, string? linkName)
    {
        // Links and folders have no data, whatever their size says (GNU tar, libarchive).
        var size = header.Type is TarType.HardLink or TarType.Link or TarType.Folder or TarType.CharacterDevice or TarType.BlockDevice or TarType.Pipe
            ? 0
            : fields.Size ?? header.Size;
        var time = fields.Time ?? (Math.Abs(header.Time) < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(header.Time) : null);
        var entry = new TarEntry(header.Type, name, linkName ?? OsText.Decode(header.LinkName), header.Mode, size, time);
        (_left, _padding) = (size, (int)(-size & (TarHeader.BlockSize - 1)));
        return header.Type == TarType.SparseFile ? OldSparse(header, entry)
            : fields.RealSize is { } realSize ? PaxSparse(fields, entry, realSize)
            : entry;
    }

    private TarEntry OldSparse(TarHeader header, TarEntry entry)
    {
        var (realSize, map) = (header.RealSize, new SparseMap());
        for (var more = header.ReadPieces(map); more;)
        {
            more = TarHeader.ReadMorePieces(Take(TarHeader.BlockSize), map);
        }

        map.Require(realSize, entry.Size);
        return entry with { Map = map, RealSize = realSize };
    }

    private TarEntry PaxSparse(PaxFields fields, TarEntry entry, long realSize)
    {
        var map = fields.HasMapInData ? MapInData() : fields.Map;
        map.Require(realSize, _left);
        return entry with { Map = map, RealSize = realSize, Size = _left };
    }

    /// <summary>How many pieces, and then their offsets and lengths, a line each, filled up to whole blocks.</summary>
    private SparseMap MapInData()
    {
        var (map, start) = (new SparseMap(), _left);
        for (var count = Line(); count > 0; count--)
        {
            map.Add(Line(), Line());
        }

        var filling = (start - _left) & (TarHeader.BlockSize - 1);
        for (filling = filling == 0 ? 0 : TarHeader.BlockSize - filling; filling > 0;)
        {
            var piece = ReadData(filling);
            filling -= piece.Length > 0 ? piece.Length : throw TooEarly();
        }

        return map;
    }

    private long Line()
    {
        const int LongestNumber = 19;
        Span<char> digits = stackalloc char[LongestNumber];
        var length = 0;
        while (ReadData(1) is [var letter] && letter != '\n')
        {
            digits[length] = length < LongestNumber - 1 ? (char)letter : throw new InvalidDataException("the map of a sparse file does not fit it");
            length++;
        }

        return SparseMap.Number(digits[..length]);
    }

    private byte[] HeaderData(long size)
    {
        if (size > MostHeaderData)
        {
            throw new InvalidDataException($"the header of an entry announces {size} bytes, which none has");
        }

        (_left, _padding) = (size, (int)(-size & (TarHeader.BlockSize - 1)));
        var data = new byte[size];
        for (var filled = 0; filled < data.Length;)
        {
            var piece = ReadData(data.Length - filled);
            piece.CopyTo(data.AsSpan(filled));
            filled += piece.Length;
        }

        return data;
    }

    private void SkipData()
    {
        _left += _padding;
        _padding = 0;
        while (_left > 0)
        {
            _ = ReadData(_left);
        }
    }

    /// <summary>The next bytes, which are here as a whole.</summary>
    private ReadOnlySpan<byte> Take(int count)
    {
        if (_end - _start < count)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            while (_end < count)
            {
                var read = stream.Read(_buffer, _end, _buffer.Length - _end);
                _end += read > 0 ? read : throw (_end == 0 ? new InvalidDataException("the end of the archive is missing") : TooEarly());
            }
        }

        _start += count;
        return _buffer.AsSpan(_start - count, count);
    }

    private bool Fill()
    {
        (_start, _end) = (0, stream.Read(_buffer, 0, _buffer.Length));
        return _end > 0;
    }

    private static InvalidDataException TooEarly() => new("it ends too early");
}

namespace Entrypoint.Sources.Archives;

/// <summary>One block of 512 bytes that describes an entry of a tar archive (POSIX ustar, GNU, and the older v7).</summary>
internal readonly ref struct TarHeader
{
    /// <summary>The size of every block, in bytes.</summary>
    public const int BlockSize = 512;

    private readonly ReadOnlySpan<byte> _block;

    /// <param name="block">The block.</param>
    /// <exception cref="InvalidDataException">Its checksum is wrong.</exception>
    public TarHeader(ReadOnlySpan<byte> block)
    {
        if (!ArchiveContent.HasTarChecksum(block))
        {
            throw new InvalidDataException("the checksum of an entry's header is wrong");
        }

        _block = block;
    }

    /// <summary>What kind of entry it is.</summary>
    public TarType Type => (TarType)_block[156];

    /// <summary>The whole name, of which a part may stand in a field of its own.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            var name = Text(0, 100);
            var prefix = _block[257..263].SequenceEqual("ustar\0"u8) ? Text(345, 155) : [];
            return prefix.IsEmpty ? name : (byte[])[.. prefix, (byte)'/', .. name];
        }
    }

    public ReadOnlySpan<byte> LinkName => Text(157, 100);

    public int Mode => (int)(Number(100, 8) & 0xFFF);

    /// <summary>The size of the data that follows, in bytes.</summary>
    public long Size => Number(124, 12) is var size and >= 0 ? size : throw new InvalidDataException("an entry's size is negative");

    /// <summary>The last change, in seconds since 1970.</summary>
    public long Time => Number(136, 12);

    /// <summary>The size of a sparse file with its holes, in GNU's old form.</summary>
    public long RealSize => Number(483, 12);

    /// <summary>The pieces of a sparse file in GNU's old form, as far as they stand in this block; more are in the next where it returns true.</summary>
    public bool ReadPieces(SparseMap map) => ReadPieces(_block[386..483], map);

    /// <summary>The same of a block of nothing but pieces.</summary>
    public static bool ReadMorePieces(ReadOnlySpan<byte> block, SparseMap map) => ReadPieces(block[..505], map);

    private static bool ReadPieces(ReadOnlySpan<byte> pieces, SparseMap map)
    {
        const int NumberSize = 12;
        for (; pieces.Length > 1 && pieces[0] != 0; pieces = pieces[(2 * NumberSize)..])
        {
            map.Add(Number(pieces[..NumberSize]), Number(pieces.Slice(NumberSize, NumberSize)));
        }

        return pieces[^1] != 0;
    }

    private ReadOnlySpan<byte> Text(int start, int length)
    {
        var field = _block.Slice(start, length);
        return field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field;
    }

    private long Number(int start, int length) => Number(_block.Slice(start, length));

    /// <summary>Octal digits, or where the first bit is set the number itself.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            Int128 large = (sbyte)(field[0] << 1) >> 1;
            foreach (var value in field[1..])
            {
                large = (large << 8) | value;
            }

            return large >= long.MinValue && large <= long.MaxValue ? (long)large : throw new InvalidDataException("a number in an entry's header is too large");
        }

        field = field.TrimStart(" \0"u8);
        field = field.IndexOfAny((byte)' ', (byte)0) is var end and >= 0 ? field[..end] : field;
        long number = 0;
        foreach (var digit in field)
        {
            number = digit is >= (byte)'0' and <= (byte)'7'
                ? (number << 3) + (digit - '0')
                : throw new InvalidDataException("an entry's header holds no number where one belongs");
        }

        return number;
    }
}

/// <summary>The kinds of entries, by the letters that stand for them.</summary>
internal enum TarType : byte
{
    OldFile = 0,
    File = (byte)'0',
    HardLink = (byte)'1',
    Link = (byte)'2',
    CharacterDevice = (byte)'3',
    BlockDevice = (byte)'4',
    Folder = (byte)'5',
    Pipe = (byte)'6',
    ContiguousFile = (byte)'7',

    /// <summary>A folder with a list of its names, of GNU's incremental archives.</summary>
    ListedFolder = (byte)'D',

    /// <summary>GNU: the target of the next entry's link.</summary>
    LongLink = (byte)'K',

    /// <summary>GNU: the name of the next entry.</summary>
    LongName = (byte)'L',

    /// <summary>GNU: the rest of a file that began in another archive.</summary>
    Continuation = (byte)'M',

    /// <summary>GNU: a file with holes.</summary>
    SparseFile = (byte)'S',

    /// <summary>GNU: the name of the archive itself.</summary>
    Label = (byte)'V',

    /// <summary>Solaris's letter for <see cref="Extended"/>.</summary>
    OldExtended = (byte)'X',

    /// <summary>pax: fields of all entries from here on.</summary>
    GlobalExtended = (byte)'g',

    /// <summary>pax: fields of the next entry.</summary>
    Extended = (byte)'x',
}

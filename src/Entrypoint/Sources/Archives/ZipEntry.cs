using System.Buffers.Binary;
using Entrypoint.Linux;

namespace Entrypoint.Sources.Archives;

/// <summary>How an entry of a zip archive is compressed, by the numbers of APPNOTE 4.4.5.</summary>
internal enum ZipMethod : ushort
{
    Stored = 0,
    Deflate = 8,
    Deflate64 = 9,
    Bzip2 = 12,
    Lzma = 14,
    Zstandard = 93,
    Xz = 95,
    Ppmd = 98,
}

/// <summary>An entry of a zip archive, as its directory describes it.</summary>
/// <param name="Name">Its name, with slashes between folders, and one at the end of a folder.</param>
/// <param name="Checksum">CRC-32 of its content.</param>
/// <param name="PackedSize">In bytes.</param>
/// <param name="Size">Of its content, in bytes.</param>
/// <param name="Offset">Where its own header is, in the file.</param>
/// <param name="Mode">Its type and permissions on Unix; 0 where the archive does not say.</param>
internal sealed record ZipEntry(string Name, ZipMethod Method, bool IsEncrypted, uint Checksum, long PackedSize, long Size, long Offset, int Mode)
{
    /// <summary>The size of what comes before the name in the directory.</summary>
    public const int HeaderSize = 46;

    private const ushort Encrypted = 1;
    private const ushort Zip64Field = 1;

    /// <summary>Systems whose paths have backslashes: DOS, OS/2, NTFS, and VFAT.</summary>
    private static readonly byte[] Windows = [0, 6, 10, 11, 14];

    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => Name.EndsWith('/');

    /// <summary>The size of a whole entry of the directory, of which <see cref="HeaderSize"/> bytes are here.</summary>
    public static int LengthOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32LittleEndian(header) == ZipLayout.DirectorySignature
        ? HeaderSize + Short(header, 28) + Short(header, 30) + Short(header, 32)
        : throw new InvalidDataException("its directory is damaged");

    /// <summary>Reads an entry of the directory.</summary>
    /// <param name="record">All of it.</param>
    /// <param name="start">What its offset counts from.</param>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public static ZipEntry Read(ReadOnlySpan<byte> record, long start)
    {
        var nameLength = Short(record, 28);
        var name = OsText.Decode(record.Slice(HeaderSize, nameLength));
        if (Windows.Contains(record[5]) && name.Contains('\\', StringComparison.Ordinal))
        {
            // Windows PowerShell 5 and others write their own separator; no name there can have it otherwise.
            name = name.Replace('\\', '/');
        }

        long packed = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
        var large = Field(record.Slice(HeaderSize + nameLength, Short(record, 30)), Zip64Field);
        size = Large(size, ref large);
        packed = Large(packed, ref large);
        offset = Large(offset, ref large);
        var isBroken = size < 0 || packed < 0 || offset < 0 || offset > long.MaxValue - start;
        return isBroken ? throw new InvalidDataException($"the sizes of its entry '{EntryName.Show(name)}' make no sense") : new ZipEntry(
            name,
            (ZipMethod)Short(record, 10),
            (Short(record, 8) & Encrypted) != 0,
            BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
            packed,
            size,
            start + offset,
            Short(record, 40));
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    /// <summary>A number that is too large for its place stands in the field for such, in the order of the places.</summary>
    private static long Large(long number, ref ReadOnlySpan<byte> large)
    {
        if (number != uint.MaxValue || large.Length < 8)
        {
            return number;
        }

        var value = BinaryPrimitives.ReadInt64LittleEndian(large);
        large = large[8..];
        return value;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> fields, ushort wanted)
    {
        while (fields.Length >= 4)
        {
            var length = Short(fields, 2);
            if (length > fields.Length - 4)
            {
                break;
            }

            if (Short(fields, 0) == wanted)
            {
                return fields.Slice(4, length);
            }

            fields = fields[(4 + length)..];
        }

        return [];
    }
}

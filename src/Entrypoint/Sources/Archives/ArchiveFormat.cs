using System.Globalization;

namespace Entrypoint.Sources.Archives;

/// <summary>What a file is, told by its first bytes.</summary>
internal enum ArchiveFormat
{
    /// <summary>No archive and nothing compressed: a file for Python.</summary>
    None,
    Zip,
    Tar,

    /// <summary>Compressed; whether a tar archive is in it shows once it is being decompressed.</summary>
    Gzip,
    Bzip2,
    Xz,

    /// <summary>An archive or compressed file of a kind that is not unpacked here, and that Python could not run either.</summary>
    Foreign,
}

/// <summary>Tells formats apart by content, never by name.</summary>
internal static class ArchiveContent
{
    /// <summary>How many of the first bytes are looked at: one block of a tar archive.</summary>
    public const int HeadLength = 512;

    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;

    /// <summary>The format that the first bytes (<see cref="HeadLength"/>, or all where there are fewer) belong to.</summary>
    public static ArchiveFormat Recognise(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => ArchiveFormat.Zip,
        [0x1F, 0x8B, 8, ..] => ArchiveFormat.Gzip,
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => ArchiveFormat.Bzip2,
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => ArchiveFormat.Bzip2,
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => ArchiveFormat.Xz,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => ArchiveFormat.Foreign, // Zstandard
        [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => ArchiveFormat.Foreign,
        [(byte)'R', (byte)'a', (byte)'r', (byte)'!', 0x1A, 7, ..] => ArchiveFormat.Foreign,
        _ => IsTar(head) ? ArchiveFormat.Tar : ArchiveFormat.None,
    };

    /// <summary>Whether it begins like a tar archive: with a header whose checksum is right, or with the zeros of an empty one.</summary>
    public static bool IsTar(ReadOnlySpan<byte> head)
    {
        if (head.Length < HeadLength)
        {
            return false;
        }

        head = head[..HeadLength];
        if (!head.ContainsAnyExcept((byte)0))
        {
            return true;
        }

        return HasTarChecksum(head);
    }

    /// <summary>Whether a block of a tar archive begins an entry: whether the checksum in it is right.</summary>
    public static bool HasTarChecksum(ReadOnlySpan<byte> head)
    {
        // The sum is over all bytes with those of the sum itself counted as spaces; some old programs added signed bytes.
        int unsigned = 0, signed = 0;
        for (var index = 0; index < head.Length; index++)
        {
            var value = index is >= ChecksumOffset and < ChecksumOffset + ChecksumLength ? (byte)' ' : head[index];
            unsigned += value;
            signed += (sbyte)value;
        }

        return TryReadOctal(head.Slice(ChecksumOffset, ChecksumLength), out var sum) && (sum == unsigned || sum == signed);
    }

    private static bool TryReadOctal(ReadOnlySpan<byte> field, out int value)
    {
        value = 0;
        field = field.Trim(" \0"u8);
        foreach (var digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) + (digit - '0');
        }

        return !field.IsEmpty;
    }

    /// <summary>The format's name in messages.</summary>
    public static string Name(this ArchiveFormat format) => format switch
    {
        ArchiveFormat.Gzip => "gzip",
        ArchiveFormat.Bzip2 => "bzip2",
        ArchiveFormat.Xz => "xz",
        _ => format.ToString().ToLower(CultureInfo.InvariantCulture),
    };
}

using System.Buffers.Binary;

namespace Entrypoint.Sources.Archives;

/// <summary>Where things are in a zip archive.</summary>
/// <param name="Start">The position in the file that the archive's own offsets count from.</param>
/// <param name="Directory">The position of the directory in the file.</param>
/// <param name="DirectorySize">Its size, in bytes.</param>
/// <param name="Entries">How many entries it announces.</param>
internal sealed record ZipLayout(long Start, long Directory, long DirectorySize, long Entries)
{
    private const int EndLength = 22;
    private const int LongestComment = 0xFFFF;
    private const int Locator64Length = 20;
    private const int End64Length = 56;
    private const uint EndSignature = 0x06054B50;
    private const uint Locator64Signature = 0x07064B50;
    private const uint End64Signature = 0x06064B50;

    /// <summary>What a directory's entries begin with.</summary>
    public const uint DirectorySignature = 0x02014B50;

    /// <summary>
    /// Finds the zip archive at the end of a file; null where there is none. A <c>.pyz</c> has a line such as <c>#!/usr/bin/env python3</c>
    /// in front, and the offsets in the archive may or may not count it; the end record tells (APPNOTE 4.3.16; Python's zipfile does the
    /// same).
    /// </summary>
    /// <param name="stream">Seekable; its position is changed.</param>
    public static ZipLayout? Find(Stream stream)
    {
        var tail = new byte[Math.Min(stream.Length, EndLength + LongestComment + Locator64Length + End64Length)];
        var tailStart = stream.Length - tail.Length;
        stream.Position = tailStart;
        stream.ReadExactly(tail);

        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var record = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record) == EndSignature
                && BinaryPrimitives.ReadUInt16LittleEndian(record[20..]) <= record.Length - EndLength
                && LayoutOf(stream, tail, tailStart, at) is { } layout)
            {
                return layout;
            }
        }

        return null;
    }

    /// <summary>Reads one end record, and believes it only when a directory entry really begins where it says.</summary>
    private static ZipLayout? LayoutOf(Stream stream, byte[] tail, long tailStart, int at)
    {
        var record = tail.AsSpan(at);
        long entries = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        var end = tailStart + at;

        var locator = at - Locator64Length;
        var end64 = locator - End64Length;
        if (end64 >= 0
            && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(locator)) == Locator64Signature
            && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end64)) == End64Signature)
        {
            entries = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end64 + 32));
            size = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end64 + 40));
            offset = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end64 + 48));
            end = tailStart + end64;
        }

        var directory = end - size;
        if (size < 0 || offset < 0 || directory < offset)
        {
            return null;
        }

        if (entries != 0)
        {
            Span<byte> signature = stackalloc byte[4];
            stream.Position = directory;
            if (stream.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false) < signature.Length
                || BinaryPrimitives.ReadUInt32LittleEndian(signature) != DirectorySignature)
            {
                return null;
            }
        }

        return new ZipLayout(directory - offset, directory, size, entries);
    }
}

using System.Buffers.Binary;

namespace Entrypoint.Sources.Archives;

/// <summary>
/// The checksum of zip entries (polynomial 0xEDB88320), sixteen bytes a step by tables. System.IO.Hashing's has a faster way only where the
/// compiler may count on carry-less multiplication, which a native executable for all machines may not; without it, it takes a byte a step.
/// </summary>
internal struct Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Step = 16;

    private static readonly uint[] Tables = MakeTables();

    private uint _state;

    /// <summary>The checksum of all bytes so far.</summary>
    public readonly uint Value => _state;

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var state = ~_state;
        ReadOnlySpan<uint> tables = Tables;
        while (bytes.Length >= Step)
        {
            var a = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            var b = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            var c = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            var d = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
            state = Four(tables[(12 * 256)..], a) ^ Four(tables[(8 * 256)..], b) ^ Four(tables[(4 * 256)..], c) ^ Four(tables, d);
            bytes = bytes[Step..];
        }

        foreach (var value in bytes)
        {
            state = tables[(int)((state ^ value) & 0xFF)] ^ (state >> 8);
        }

        _state = ~state;
    }

    private static uint Four(ReadOnlySpan<uint> tables, uint value) =>
        tables[(int)((3 * 256) + (value & 0xFF))]
        ^ tables[(int)((2 * 256) + ((value >> 8) & 0xFF))]
        ^ tables[(int)(256 + ((value >> 16) & 0xFF))]
        ^ tables[(int)(value >> 24)];

    /// <summary>Table n says what a byte does to the checksum when n more bytes follow it.</summary>
    private static uint[] MakeTables()
    {
        var tables = new uint[Step * 256];
        for (uint value = 0; value < 256; value++)
        {
            var state = value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state & 1) != 0 ? (state >> 1) ^ Polynomial : state >> 1;
            }

            tables[value] = state;
        }

        for (var index = 256; index < tables.Length; index++)
        {
            var before = tables[index - 256];
            tables[index] = tables[before & 0xFF] ^ (before >> 8);
        }

        return tables;
    }
}

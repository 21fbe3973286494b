using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Deflate64;
using SharpCompress.Compressors.LZMA;

namespace Entrypoint.Sources.Archives;

/// <summary>
/// A zip archive that several threads read at once, its directory once for all. System.IO.Compression's reads it once a thread, makes
/// objects of several hundred bytes of each entry, and knows neither bzip2 nor LZMA.
/// </summary>
internal sealed class ZipFile
{
    private const int BufferSize = 256 * 1024;
    private const int LocalHeaderSize = 30;
    private const uint LocalSignature = 0x04034B50;

    /// <summary>The largest dictionary that is made for LZMA, in bytes; 7-Zip's largest level asks for 64 MiB.</summary>
    private const int MostDictionary = 128 * 1024 * 1024;

    private readonly SafeFileHandle _file;

    /// <param name="file">The file; is left open.</param>
    /// <exception cref="InvalidDataException">Its directory is broken.</exception>
    public ZipFile(SafeFileHandle file, ZipLayout layout)
    {
        _file = file;
        Entries = ReadDirectory(file, layout);
    }

    /// <summary>Its entries, in the order of its directory.</summary>
    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <summary>The content of an entry, decompressed while it is read; null where it is compressed in a way that is not known here.</summary>
    /// <exception cref="InvalidDataException">The entry's header is broken.</exception>
    public Stream? Open(ZipEntry entry)
    {
        Span<byte> header = stackalloc byte[LocalHeaderSize];
        if (RandomAccess.Read(_file, header, entry.Offset) < header.Length || BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature)
        {
            throw new InvalidDataException($"its entry '{EntryName.Show(entry.Name)}' is not where its directory says");
        }

        var start = entry.Offset + LocalHeaderSize + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        var packed = new FilePart(_file, start, entry.PackedSize);
        DecompressedStream.BeStrict();
        return entry.Method switch
        {
            ZipMethod.Stored => packed,
            ZipMethod.Deflate => new DeflateStream(packed, System.IO.Compression.CompressionMode.Decompress),
            ZipMethod.Deflate64 => new Deflate64Stream(packed, SharpCompress.Compressors.CompressionMode.Decompress),
            ZipMethod.Bzip2 => BZip2Stream.Create(packed, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: false),
            ZipMethod.Lzma => OpenLzma(packed, entry),
            _ => null,
        };
    }

    /// <summary>Before the data stand the version, the size of the properties, and they (APPNOTE 5.8.8).</summary>
    private static LzmaStream OpenLzma(FilePart packed, ZipEntry entry)
    {
        const int PropertiesSize = 5;
        Span<byte> head = stackalloc byte[4 + PropertiesSize];
        packed.ReadExactly(head);
        if (BinaryPrimitives.ReadUInt16LittleEndian(head[2..]) != PropertiesSize)
        {
            throw new InvalidDataException($"its entry '{EntryName.Show(entry.Name)}' has unknown LZMA properties");
        }

        // More than the whole content can never be looked back.
        var dictionary = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(head[5..]), (uint)Math.Clamp(entry.Size, 4096, uint.MaxValue));
        if (dictionary > MostDictionary)
        {
            throw new InvalidDataException($"its entry '{EntryName.Show(entry.Name)}' needs a dictionary of {dictionary / 1024 / 1024} MiB");
        }

        BinaryPrimitives.WriteUInt32LittleEndian(head[5..], dictionary);
        return LzmaStream.Create(head[4..].ToArray(), packed, entry.PackedSize - head.Length, entry.Size);
    }

    private static List<ZipEntry> ReadDirectory(SafeFileHandle file, ZipLayout layout)
    {
        var entries = new List<ZipEntry>();
        var directory = new FilePart(file, layout.Directory, layout.DirectorySize);
        var buffer = new byte[BufferSize];
        var (start, end) = (0, 0);
        ReadOnlySpan<byte> Next(int count)
        {
            if (end - start < count)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                end += directory.ReadAtLeast(buffer.AsSpan(end), count - end);
            }

            return buffer.AsSpan(start, count);
        }

        while (start < end || directory.Left > 0)
        {
            var length = ZipEntry.LengthOf(Next(ZipEntry.HeaderSize));
            entries.Add(ZipEntry.Read(Next(length), layout.Start));
            start += length;
        }

        // Old programs count to 65,535 and begin anew.
        return ((entries.Count ^ layout.Entries) & 0xFFFF) == 0 ? entries : throw new InvalidDataException("its directory has another length than announced");
    }

    /// <summary>A part of a file, from its beginning to its end.</summary>
    private sealed class FilePart(SafeFileHandle file, long start, long length) : ForwardStream
    {
        private long _position = start;

        /// <summary>How much has not been read yet, in bytes.</summary>
        public long Left { get; private set; } = length;

        public override int Read(Span<byte> buffer)
        {
            if (Left == 0 || buffer.IsEmpty)
            {
                return 0;
            }

            var read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, Left)], _position);
            _position += read;
            Left -= read;
            return read > 0 ? read : throw new InvalidDataException("it ends too early");
        }
    }
}

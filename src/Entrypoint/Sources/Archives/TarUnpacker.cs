using System.Buffers;
using System.Formats.Tar;
using Entrypoint.Failures;

namespace Entrypoint.Sources.Archives;

/// <summary>Unpacks a tar archive while it is read, one entry after another, in bounded memory.</summary>
internal static class TarUnpacker
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Unpacks all of it.</summary>
    /// <param name="stream">The archive, decompressed. Read to its end, so that a decompressor sees its checksums.</param>
    /// <exception cref="InvalidDataException">It is broken or ends too early.</exception>
    public static void Unpack(Stream stream, UnpackFolder folder, string display, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var watched = new EndWatch(stream);
            using var reader = new TarReader(watched, leaveOpen: true);
            while (reader.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Unpack(entry, folder, display, buffer, cancellationToken);
            }

            if (watched.Ended)
            {
                throw new InvalidDataException("the end of the archive is missing");
            }

            while (stream.Read(buffer, 0, buffer.Length) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("it ends too early", exception);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Unpack(TarEntry entry, UnpackFolder folder, string display, byte[] buffer, CancellationToken cancellationToken)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile when !IsSparse(entry):
                WriteFile(entry, folder, buffer, cancellationToken);
                break;
            case TarEntryType.Directory:
                folder.AddFolder(entry.Name, (int)entry.Mode);
                break;
            case TarEntryType.SymbolicLink:
                folder.AddLink(entry.Name, entry.LinkName);
                break;
            case TarEntryType.HardLink:
                folder.AddHardLink(entry.Name, entry.LinkName);
                break;
            case TarEntryType.GlobalExtendedAttributes or TarEntryType.TapeVolume:
                break;
            default:
                throw new EntrypointException(
                    ExitCode.DataError,
                    $"{display} is not unpacked: its entry '{EntryName.Show(entry.Name)}' is {Describe(entry)}. Pack only files, folders and links.");
        }
    }

    private static void WriteFile(TarEntry entry, UnpackFolder folder, byte[] buffer, CancellationToken cancellationToken)
    {
        using var file = folder.AddFile(entry.Name);
        var left = entry.Length;
        while (left > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = entry.DataStream!.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
            {
                throw new InvalidDataException("it ends too early");
            }

            file.Write(buffer.AsSpan(0, read));
            left -= read;
        }

        file.Complete((int)entry.Mode, entry.ModificationTime);
    }

    /// <summary>GNU tar's pax form of sparse files looks like ordinary ones to readers that do not know it, with a map before the data.</summary>
    private static bool IsSparse(TarEntry entry) =>
        entry is PaxTarEntry pax && pax.ExtendedAttributes.Keys.Any(name => name.StartsWith("GNU.sparse.", StringComparison.Ordinal));

    private static string Describe(TarEntry entry) => entry.EntryType switch
    {
        TarEntryType.CharacterDevice or TarEntryType.BlockDevice => "a device",
        TarEntryType.Fifo => "a named pipe",
        TarEntryType.SparseFile or TarEntryType.RegularFile or TarEntryType.V7RegularFile => "a sparse file (pack without --sparse)",
        TarEntryType.MultiVolume => "a part of a file whose rest is in another archive",
        var other => $"of the unknown type '{(char)other}'",
    };

    /// <summary>Sees whether the stream has come to its end, which is before an archive's own end mark where it was cut off.</summary>
    private sealed class EndWatch(Stream inner) : ForwardStream
    {
        public bool Ended { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Ended |= read == 0 && !buffer.IsEmpty;
            return read;
        }
    }
}

using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.ExceptionServices;
using System.Text;
using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources.Archives;

/// <summary>Unpacks a zip archive, with the sizes and checksums of its entries checked while they are written.</summary>
internal static class ZipUnpacker
{
    private const int BufferSize = 128 * 1024;
    private const int LongestLink = 4095;
    private const int TypeBits = 0xF000;
    private const int Link = 0xA000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>From this size on (bytes) several threads are worth their start.</summary>
    private const long ParallelSize = 4 * 1024 * 1024;
    private const int MostThreads = 4;

    /// <summary>Unpacks all of it, the folders of a large archive shared out among threads: decompressing is what takes the time.</summary>
    /// <param name="open">Opens the archive, seekable and with nothing in front of it, once for each thread.</param>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public static void Unpack(Func<Stream> open, string path, string display, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var first = open();
        var count = first.Length >= ParallelSize ? Math.Min(Environment.ProcessorCount, MostThreads) : 1;
        var shares = Enumerable.Range(0, count).Select(index => new Share(index == 0 ? first : open(), new UnpackFolder(path, display), index, count)).ToList();
        try
        {
            var failures = new ConcurrentQueue<Exception>();
            Parallel.ForEach(shares, new ParallelOptions { MaxDegreeOfParallelism = count }, share =>
            {
                try
                {
                    Unpack(share, display, failed.Token);
                }
                catch (Exception exception)
                {
                    failures.Enqueue(exception);
                    failed.Cancel();
                }
            });
            if (failures.TryDequeue(out var failure))
            {
                cancellationToken.ThrowIfCancellationRequested();
                ExceptionDispatchInfo.Throw(failure);
            }

            // Not before all files are there: the permissions of a folder may forbid to make more.
            shares.ForEach(share => share.Folder.Complete());
        }
        finally
        {
            shares.ForEach(share => share.Dispose());
        }
    }

    private static void Unpack(Share share, string display, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var archive = new ZipArchive(share.Stream, ZipArchiveMode.Read, leaveOpen: true, new NameEncoding());
            foreach (var entry in archive.Entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (share.Has(entry.FullName))
                {
                    Unpack(entry, share.Folder, display, buffer, cancellationToken);
                }
            }
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("it ends too early", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException or FormatException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Unpack(ZipArchiveEntry entry, UnpackFolder folder, string display, byte[] buffer, CancellationToken cancellationToken)
    {
        // The upper half is the Unix mode where the archive was made on Unix, and 0 elsewhere.
        var mode = (entry.ExternalAttributes >> 16) & 0xFFFF;
        int? permissions = mode == 0 ? null : mode;
        if (entry.IsEncrypted)
        {
            throw new EntrypointException(
                ExitCode.DataError,
                $"{display} is not unpacked: its entry '{EntryName.Show(entry.FullName)}' is encrypted. Pack it without a password.");
        }

        switch (mode & TypeBits)
        {
            case Folder:
            case 0 or RegularFile when entry.FullName.EndsWith('/'):
                folder.AddFolder(entry.FullName, permissions);
                break;
            case 0 or RegularFile:
                WriteFile(entry, folder, permissions, buffer, cancellationToken);
                break;
            case Link:
                folder.AddLink(entry.FullName, ReadLink(entry));
                break;
            default:
                throw new EntrypointException(
                    ExitCode.DataError,
                    $"{display} is not unpacked: its entry '{EntryName.Show(entry.FullName)}' is a device, a pipe or a socket. Pack only files, folders and links.");
        }
    }

    private static void WriteFile(
        ZipArchiveEntry entry, UnpackFolder folder, int? permissions, byte[] buffer, CancellationToken cancellationToken)
    {
        using var content = entry.Open();
        using var file = folder.AddFile(entry.FullName);
        var checksum = default(Crc32);
        long length = 0;
        int read;
        while ((read = content.Read(buffer, 0, buffer.Length)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            length += read;
            CheckSize(entry, length <= entry.Length);
            checksum.Append(buffer.AsSpan(0, read));
            file.Write(buffer.AsSpan(0, read));
        }

        CheckSize(entry, length == entry.Length);
        CheckSum(entry, checksum);
        file.Complete(permissions, time: null);
    }

    private static string ReadLink(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        Span<byte> target = stackalloc byte[LongestLink + 1];
        var length = content.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        CheckSize(entry, length <= LongestLink && length == entry.Length);
        var checksum = default(Crc32);
        checksum.Append(target[..length]);
        CheckSum(entry, checksum);
        return OsText.Decode(target[..length]);
    }

    private static void CheckSize(ZipArchiveEntry entry, bool right)
    {
        if (!right)
        {
            throw new InvalidDataException($"its entry '{EntryName.Show(entry.FullName)}' has another size than announced");
        }
    }

    private static void CheckSum(ZipArchiveEntry entry, Crc32 checksum)
    {
        if (checksum.Value != entry.Crc32)
        {
            throw new InvalidDataException($"its entry '{EntryName.Show(entry.FullName)}' has a wrong checksum");
        }
    }

    /// <summary>What one thread unpacks: whole folders, so that entries of one name stay in their order.</summary>
    private sealed record Share(Stream Stream, UnpackFolder Folder, int Index, int Count) : IDisposable
    {
        public bool Has(string name) =>
            Count == 1 || (uint)string.GetHashCode(name.AsSpan(0, Math.Max(name.TrimEnd('/').LastIndexOf('/'), 0)), StringComparison.Ordinal) % (uint)Count == Index;

        public void Dispose()
        {
            Folder.Dispose();
            Stream.Dispose();
        }
    }

    /// <summary>Names without the UTF-8 mark are mostly UTF-8 all the same; those that are not keep their bytes.</summary>
    private sealed class NameEncoding : Encoding
    {
        public override int GetByteCount(char[] chars, int index, int count) => OsText.Encode(new string(chars, index, count)).Length;

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
        {
            var encoded = OsText.Encode(new string(chars, charIndex, charCount));
            encoded.CopyTo(bytes, byteIndex);
            return encoded.Length;
        }

        public override int GetCharCount(byte[] bytes, int index, int count) => OsText.Decode(bytes.AsSpan(index, count)).Length;

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        {
            var text = OsText.Decode(bytes.AsSpan(byteIndex, byteCount));
            text.CopyTo(0, chars, charIndex, text.Length);
            return text.Length;
        }

        public override int GetMaxByteCount(int charCount) => charCount * 3;

        public override int GetMaxCharCount(int byteCount) => byteCount;
    }
}

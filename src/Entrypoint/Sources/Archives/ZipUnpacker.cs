using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Microsoft.Win32.SafeHandles;

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

    /// <summary>From this size of the archive (bytes) or number of entries on several threads are worth their start.</summary>
    private const long ParallelSize = 4 * 1024 * 1024;
    private const int ParallelEntries = 1000;
    private const int MostThreads = 4;

    /// <summary>Unpacks all of it, the folders of a large archive shared out among threads.</summary>
    /// <param name="file">The archive; is left open.</param>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public static void Unpack(SafeFileHandle file, ZipLayout layout, string path, string display, CancellationToken cancellationToken)
    {
        var archive = new ZipFile(file, layout);
        var isLarge = layout.Directory >= ParallelSize || archive.Entries.Count >= ParallelEntries;
        var count = isLarge ? Math.Clamp(Environment.ProcessorCount, 1, MostThreads) : 1;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var folders = Enumerable.Range(0, count).Select(_ => new UnpackFolder(path, display)).ToList();
        try
        {
            var failures = new ConcurrentQueue<Exception>();
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, share =>
            {
                try
                {
                    var entries = archive.Entries.Where(entry => count == 1 || ShareOf(entry.Name, count) == share);
                    Unpack(archive, entries, folders[share], display, failed.Token);
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
            folders.ForEach(folder => folder.Complete());
        }
        finally
        {
            folders.ForEach(folder => folder.Dispose());
        }
    }

    /// <summary>Which thread unpacks an entry: whole folders, so that entries of one name stay in their order.</summary>
    private static int ShareOf(string name, int count) =>
        (int)((uint)string.GetHashCode(name.AsSpan(0, Math.Max(name.AsSpan().TrimEnd('/').LastIndexOf('/'), 0)), StringComparison.Ordinal) % (uint)count);

    private static void Unpack(ZipFile archive, IEnumerable<ZipEntry> entries, UnpackFolder folder, string display, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            foreach (var entry in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Unpack(archive, entry, folder, display, buffer, cancellationToken);
            }
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("it ends too early", exception);
        }
        catch (Exception exception) when (DecompressedStream.IsBrokenInput(exception))
        {
            throw new InvalidDataException(exception.Message, exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Unpack(ZipFile archive, ZipEntry entry, UnpackFolder folder, string display, byte[] buffer, CancellationToken cancellationToken)
    {
        int? permissions = entry.Mode == 0 ? null : entry.Mode;
        if (entry.IsEncrypted)
        {
            throw new EntrypointException(
                ExitCode.DataError,
                $"{display} is not unpacked: its entry '{EntryName.Show(entry.Name)}' is encrypted. Pack it without a password.");
        }

        switch (entry.Mode & TypeBits)
        {
            case Folder:
            case 0 or RegularFile when entry.IsFolder:
                folder.AddFolder(entry.Name, permissions);
                break;
            case 0 or RegularFile:
                WriteFile(Open(archive, entry, display), entry, folder, permissions, buffer, cancellationToken);
                break;
            case Link:
                folder.AddLink(entry.Name, ReadLink(Open(archive, entry, display), entry));
                break;
            default:
                throw new EntrypointException(
                    ExitCode.DataError,
                    $"{display} is not unpacked: its entry '{EntryName.Show(entry.Name)}' is a device, a pipe or a socket. Pack only files, folders and links.");
        }
    }

    private static Stream Open(ZipFile archive, ZipEntry entry, string display) => archive.Open(entry) ?? throw new EntrypointException(
        ExitCode.DataError,
        $"{display} is not unpacked: its entry '{EntryName.Show(entry.Name)}' is compressed by {(Enum.IsDefined(entry.Method) ? entry.Method.ToString() : $"method {(int)entry.Method}")}, which is not known here. Pack it as usual (deflate).");

    private static void WriteFile(
        Stream content, ZipEntry entry, UnpackFolder folder, int? permissions, byte[] buffer, CancellationToken cancellationToken)
    {
        using var closing = content;
        using var file = folder.AddFile(entry.Name, permissions);
        var checksum = default(Crc32);
        long length = 0;
        int read;
        while ((read = content.Read(buffer, 0, buffer.Length)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            length += read;
            CheckSize(entry, length <= entry.Size);
            checksum.Append(buffer.AsSpan(0, read));
            file.Write(buffer.AsSpan(0, read));
        }

        CheckSize(entry, length == entry.Size);
        CheckSum(entry, checksum);
        file.Complete(time: null);
    }

    private static string ReadLink(Stream content, ZipEntry entry)
    {
        using var closing = content;
        Span<byte> target = stackalloc byte[LongestLink + 1];
        var length = content.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        CheckSize(entry, length <= LongestLink && length == entry.Size);
        var checksum = default(Crc32);
        checksum.Append(target[..length]);
        CheckSum(entry, checksum);
        return OsText.Decode(target[..length]);
    }

    private static void CheckSize(ZipEntry entry, bool right)
    {
        if (!right)
        {
            throw new InvalidDataException($"its entry '{EntryName.Show(entry.Name)}' has another size than announced");
        }
    }

    private static void CheckSum(ZipEntry entry, Crc32 checksum)
    {
        if (checksum.Value != entry.Checksum)
        {
            throw new InvalidDataException($"its entry '{EntryName.Show(entry.Name)}' has a wrong checksum");
        }
    }
}

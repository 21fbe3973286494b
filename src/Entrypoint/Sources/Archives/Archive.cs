using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources.Archives;

/// <summary>Recognises archives and unpacks them safely.</summary>
internal static class Archive
{
    /// <summary>Whether a file is an archive, or else compressed; if not, it is one for Python.</summary>
    /// <exception cref="EntrypointException">66, 77, 74: it cannot be read.</exception>
    public static bool IsArchive(string path, string display) =>
        Read(path, display, static file => Recognise(file, out _) != ArchiveFormat.None);

    /// <summary>Unpacks a file if it is an archive.</summary>
    /// <param name="path">A regular file.</param>
    /// <param name="display">What it is called in messages.</param>
    /// <param name="makeFolder">Makes the empty folder to unpack to; called once it is known that there is something to unpack.</param>
    /// <returns>The folder, or null where the file is no archive but one for Python.</returns>
    /// <exception cref="EntrypointException">65: broken or unsafe. 66, 77, 74: the file cannot be read. 73, 74: the folder cannot be written.</exception>
    public static string? UnpackFile(string path, string display, Func<string> makeFolder, CancellationToken cancellationToken) =>
        Read(path, display, file =>
        {
            var format = Recognise(file, out var zip);
            file.Position = 0;
            return format switch
            {
                ArchiveFormat.None => null,
                ArchiveFormat.Zip => UnpackTo(display, makeFolder, folder => ZipUnpacker.Unpack(
                    file.SafeFileHandle, zip ?? throw new InvalidDataException("its end is missing"), folder, display, cancellationToken)),
                _ => UnpackStream(file, format, display, makeFolder, cancellationToken),
            };
        });

    /// <summary>Unpacks an archive while it arrives.</summary>
    /// <param name="stream">All of it; need not be seekable.</param>
    /// <param name="format">What its first bytes are; not zip, which is read from its end.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="EntrypointException">65: broken or unsafe. 73, 74: the folder cannot be written.</exception>
    public static string UnpackStream(
        Stream stream, ArchiveFormat format, string display, Func<string> makeFolder, CancellationToken cancellationToken) => format switch
        {
            ArchiveFormat.Tar => Unpack(display, makeFolder, folder =>
            {
                TarUnpacker.Unpack(stream, folder, display, cancellationToken);
            }),
            ArchiveFormat.Gzip or ArchiveFormat.Bzip2 or ArchiveFormat.Xz => Unpack(display, makeFolder, folder =>
            {
                using var decompressed = new DecompressedStream(stream, format);
                using var head = new HeadStream(decompressed);
                if (!ArchiveContent.IsTar(head.Head))
                {
                    throw NoTarInside(display, format);
                }

                TarUnpacker.Unpack(head, folder, display, cancellationToken);
            }),
            _ => throw new EntrypointException(
                ExitCode.DataError,
                $"{display} is an archive or compressed file of a kind that is not unpacked here; use zip, tar, tar.gz, tar.bz2 or tar.xz."),
        };

    /// <summary>Zip archives are also known by their end, since anything may stand in front of one.</summary>
    private static ArchiveFormat Recognise(FileStream file, out ZipLayout? zip)
    {
        var head = new byte[ArchiveContent.HeadLength];
        var format = ArchiveContent.Recognise(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
        zip = format is ArchiveFormat.None or ArchiveFormat.Zip ? ZipLayout.Find(file) : null;
        return zip is null ? format : ArchiveFormat.Zip;
    }

    private static T Read<T>(string path, string display, Func<FileStream, T> read)
    {
        try
        {
            using var file = OsFile.OpenRead(path);
            return read(file);
        }
        catch (FileNotFoundException exception)
        {
            throw new EntrypointException(ExitCode.NoInput, $"There is no file {display}.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new EntrypointException(
                ExitCode.NoPermission, $"Cannot read {display}: permission denied. Give this user the right to read it.", exception);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw Broken(display, exception);
        }
        catch (IOException exception)
        {
            throw new EntrypointException(ExitCode.InputOutput, $"Cannot read {display}: {exception.Message}", exception);
        }
    }

    private static string Unpack(string display, Func<string> makeFolder, Action<UnpackFolder> unpack) => UnpackTo(display, makeFolder, path =>
    {
        using var folder = new UnpackFolder(path, display);
        unpack(folder);
        folder.Complete();
    });

    private static string UnpackTo(string display, Func<string> makeFolder, Action<string> unpack)
    {
        var path = makeFolder();
        try
        {
            unpack(path);
            return path;
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw Broken(display, exception);
        }
    }

    /// <summary>A file that ends before what it announces is no fault of the disk, but a broken archive.</summary>
    private static bool IsBroken(Exception exception) => exception is InvalidDataException or EndOfStreamException;

    private static EntrypointException Broken(string display, Exception exception) => new(
        ExitCode.DataError,
        $"{display} is a broken archive: {(exception is EndOfStreamException ? "it ends too early" : exception.Message.TrimEnd('.'))}. Make it or copy it anew.",
        exception);

    private static EntrypointException NoTarInside(string display, ArchiveFormat format) => new(
        ExitCode.DataError,
        $"{display} is compressed with {format.Name()}, but there is no tar archive in it. Decompress a script before it is run; pack a folder with tar.");
}

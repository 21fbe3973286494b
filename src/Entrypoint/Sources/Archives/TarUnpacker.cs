using Entrypoint.Failures;

namespace Entrypoint.Sources.Archives;

/// <summary>Unpacks a tar archive while it is read, one entry after another, in bounded memory.</summary>
internal static class TarUnpacker
{
    /// <summary>Unpacks all of it.</summary>
    /// <param name="stream">The archive, decompressed; is left open. Read to its end, so that a decompressor sees its checksums.</param>
    /// <exception cref="InvalidDataException">It is broken or ends too early.</exception>
    public static void Unpack(Stream stream, UnpackFolder folder, string display, CancellationToken cancellationToken)
    {
        var reader = new TarReader(stream);
        while (reader.ReadNext() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Unpack(reader, entry, folder, display, cancellationToken);
        }

        reader.ReadToEnd(cancellationToken);
    }

    private static void Unpack(TarReader reader, TarEntry entry, UnpackFolder folder, string display, CancellationToken cancellationToken)
    {
        switch (entry.Type)
        {
            // Archives from before there was a letter for folders.
            case TarType.OldFile or TarType.File when entry.Name.EndsWith('/'):
            case TarType.Folder or TarType.ListedFolder:
                folder.AddFolder(entry.Name, entry.Mode);
                break;
            case TarType.OldFile or TarType.File or TarType.ContiguousFile or TarType.SparseFile:
                WriteFile(reader, entry, folder, cancellationToken);
                break;
            case TarType.Link:
                folder.AddLink(entry.Name, entry.LinkName);
                break;
            case TarType.HardLink:
                folder.AddHardLink(entry.Name, entry.LinkName);
                break;
            case TarType.Label:
                break;
            default:
                throw new EntrypointException(
                    ExitCode.DataError,
                    $"{display} is not unpacked: its entry '{EntryName.Show(entry.Name)}' is {Describe(entry.Type)}. Pack only files, folders and links.");
        }
    }

    private static void WriteFile(TarReader reader, TarEntry entry, UnpackFolder folder, CancellationToken cancellationToken)
    {
        using var file = folder.AddFile(entry.Name, entry.Mode);
        if (entry.Map is null)
        {
            for (var piece = reader.ReadData(entry.Size); !piece.IsEmpty; piece = reader.ReadData(entry.Size))
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.Write(piece);
            }
        }
        else
        {
            WriteSparse(reader, entry, file, cancellationToken);
        }

        file.Complete(entry.Time);
    }

    /// <summary>Writes what is data; what lies between stays a hole.</summary>
    private static void WriteSparse(TarReader reader, TarEntry entry, UnpackedFile file, CancellationToken cancellationToken)
    {
        file.SetLength(entry.RealSize);
        foreach (var (offset, length) in entry.Map!.Pieces)
        {
            for (var done = 0L; done < length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var piece = reader.ReadData(length - done);
                file.WriteAt(offset + done, piece);
                done += piece.Length;
            }
        }
    }

    private static string Describe(TarType type) => type switch
    {
        TarType.CharacterDevice or TarType.BlockDevice => "a device",
        TarType.Pipe => "a named pipe",
        TarType.Continuation => "a part of a file whose rest is in another archive",
        _ => $"of the unknown type '{EntryName.Show(((char)type).ToString())}'",
    };
}

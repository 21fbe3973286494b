using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Entrypoint.Failures;
using Entrypoint.Sources.Archives;
using Entrypoint.Store;
using SharpCompress.Compressors.BZip2;

namespace Entrypoint.Tests.Sources.Archives;

/// <summary>Makes archives of every kind, and unpacks them into folders that are gone afterwards.</summary>
public abstract class ArchiveTest : IDisposable
{
    protected const string TarXz =
        "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AIZdADUbyGZKxVF9559mp52tDitY6BVwR2u71wmJ5j91TMB9QRDVPKbbmfA0VVXRU6026U+/+kSKwxIPB0lkVn1YqrjQlZv3LKXrmmhLOFcoiDJO5oFYyvuZzjdMnn4ISi/9MmJlCA0Szboq3l8D0Yd1UX1P4o5jJbah/jjqSavTLkGXKxK0W94MAAAAAnbC69yHMDYAAaIBgFAAAAPVBCuxxGf7AgAAAAAEWVo=";

    protected string Folder { get; } = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        FolderRemoval.Remove(Folder);
    }

    private protected EntrypointException Refused(byte[] archive)
    {
        var failure = Assert.Throws<EntrypointException>(() => Unpack(archive));
        Assert.Equal(ExitCode.DataError, failure.Code);
        Assert.DoesNotContain('\n', failure.Message);
        return failure;
    }

    protected string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName;

    protected string? Unpack(byte[] archive)
    {
        var path = Path.Combine(Folder, Path.GetRandomFileName());
        System.IO.File.WriteAllBytes(path, archive);
        return Archive.UnpackFile(path, "the archive", NewFolder, default);
    }

    protected static PaxTarEntry File(string name, string text, UnixFileMode mode = (UnixFileMode)0x1A4) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)), Mode = mode };

    protected static PaxTarEntry Directory_(string name) => new(TarEntryType.Directory, name);

    protected static PaxTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target };

    protected static PaxTarEntry HardLink(string name, string target) => new(TarEntryType.HardLink, name) { LinkName = target };

    protected static byte[] Tar(params System.Formats.Tar.TarEntry[] entries)
    {
        var memory = new MemoryStream();
        using (var writer = new TarWriter(memory))
        {
            Array.ForEach(entries, writer.WriteEntry);
        }

        return memory.ToArray();
    }

    protected static byte[] Gzip(byte[] content)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress))
        {
            gzip.Write(content);
        }

        return memory.ToArray();
    }

    protected static byte[] Bzip2(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var bzip2 = BZip2Stream.Create(memory, SharpCompress.Compressors.CompressionMode.Compress, decompressConcatenated: false, leaveOpen: true))
        {
            bzip2.Write(content);
        }

        return memory.ToArray();
    }

    protected static byte[] Zip(params (string Name, string Text)[] entries)
    {
        var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            foreach (var (name, text) in entries)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return memory.ToArray();
    }

    protected static void AddUnix(ZipArchive zip, string name, int mode, string text)
    {
        var entry = zip.CreateEntry(name);
        entry.ExternalAttributes = mode << 16;
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}

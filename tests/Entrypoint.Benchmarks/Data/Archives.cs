using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Entrypoint.Benchmarks.Data;

/// <summary>Archives of an empty job and many files.</summary>
internal static class Archives
{
    /// <summary>
    /// A tar.gz of about so many bytes: files of 100 KB, half of each random and half text, as models and data beside code are.
    /// </summary>
    public static void WriteTarGz(string path, long size)
    {
        var random = new Random(3);
        var text = new SourceFiles(3).Next(50_000);
        using var file = File.Create(path);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
        Add(tar, "__main__.py", []);
        for (var i = 0; file.Length < size; i++)
        {
            var content = new byte[100_000];
            random.NextBytes(content);
            text.CopyTo(content, 0);
            Add(tar, $"data/part{i / 100}/file{i}.bin", content);
        }
    }

    /// <summary>A tar.gz of so many files of a line each.</summary>
    public static void WriteSmallTarGz(string path, int files)
    {
        using var file = File.Create(path);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
        Add(tar, "__main__.py", []);
        for (var i = 1; i < files; i++)
        {
            Add(tar, Name(i), Line(i));
        }
    }

    /// <summary>A zip of so many files.</summary>
    /// <param name="content">The content of a file by its number.</param>
    /// <param name="job">What it runs.</param>
    public static void WriteZip(string path, int files, Func<int, byte[]> content, string job = "")
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        using (var main = zip.CreateEntry("__main__.py").Open())
        {
            main.Write(Encoding.UTF8.GetBytes(job));
        }

        for (var i = 1; i < files; i++)
        {
            using var entry = zip.CreateEntry(Name(i), CompressionLevel.Fastest).Open();
            entry.Write(content(i));
        }
    }

    /// <summary>The content of the smallest files.</summary>
    public static byte[] Line(int number) => Encoding.ASCII.GetBytes($"file {number}\n");

    private static string Name(int number) => $"package/part{number / 100}/file{number}.py";

    private static void Add(TarWriter tar, string name, byte[] content)
    {
        using var stream = new MemoryStream(content);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = stream });
    }
}

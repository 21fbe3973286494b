using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Entrypoint.EndToEnd.Web;

/// <summary>Small jobs as bytes.</summary>
public static class Packages
{
    /// <summary>A script that says what ran.</summary>
    public static byte[] Script(string word = "script") => Encoding.UTF8.GetBytes($"print('ran {word}')\n");

    /// <summary>A zip archive with the files at its root.</summary>
    public static byte[] Zip(params (string Name, string Text)[] files)
    {
        var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            foreach (var (name, text) in files)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return memory.ToArray();
    }

    /// <summary>A tar.gz of the files, with as many random bytes more.</summary>
    public static byte[] TarGz(int ballast, params (string Name, string Text)[] files)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            var bytes = new byte[ballast];
            new Random(1).NextBytes(bytes);
            foreach (var (name, content) in files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Text))).Append(("job/ballast", bytes)))
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return memory.ToArray();
    }
}

using System.IO.Compression;
using System.Text;

namespace Entrypoint.Tests.Sources.Archives;

public sealed class ArchiveTests : ArchiveTest
{
    [Fact]
    public void A_script_is_no_archive() => Assert.Null(Unpack(Encoding.UTF8.GetBytes("#!/usr/bin/env python3\nprint('PK\u0005\u0006')\n")));

    [Fact]
    public void An_empty_file_is_no_archive() => Assert.Null(Unpack([]));

    [Fact]
    public void A_long_text_is_no_archive() => Assert.Null(Unpack(Encoding.UTF8.GetBytes(new string('x', 2000))));

    [Theory]
    [InlineData("tar")]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("bzip2 in two streams")]
    [InlineData("gzip in two members")]
    [InlineData("gzip and zeros")]
    public void Unpacks_tar_archives(string form)
    {
        var tar = Tar(File("job/__main__.py", "print()", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));

        var root = Unpack(form switch
        {
            "gzip" => Gzip(tar),
            "bzip2" => Bzip2(tar),
            "bzip2 in two streams" => [.. Bzip2(tar[..700]), .. Bzip2(tar[700..])],
            "gzip and zeros" => [.. Gzip(tar), .. new byte[1000]],
            "gzip in two members" => [.. Gzip(tar[..700]), .. Gzip(tar[700..])],
            _ => tar,
        });

        var file = Path.Combine(root!, "job/__main__.py");
        Assert.Equal("print()", System.IO.File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unpacks_xz(bool twoStreams)
    {
        var archive = Convert.FromBase64String(TarXz);

        // The second stream is what follows the end of the tar archive: allowed, checked, and not used.
        var root = Unpack(twoStreams ? [.. archive, 0, 0, 0, 0, .. archive] : archive);

        Assert.Equal("print(\"hello\")\n", System.IO.File.ReadAllText(Path.Combine(root!, "job/__main__.py")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/usr/bin/env python3\n")]
    public void Unpacks_zip_with_or_without_a_line_in_front(string line)
    {
        var zip = Zip(("pkg/__init__.py", ""), ("__main__.py", "print(1)"));

        var root = Unpack([.. Encoding.UTF8.GetBytes(line), .. zip]);

        Assert.Equal("print(1)", System.IO.File.ReadAllText(Path.Combine(root!, "__main__.py")));
        Assert.True(System.IO.File.Exists(Path.Combine(root!, "pkg/__init__.py")));
    }

    [Fact]
    public void Unpacks_a_large_zip_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 30_000).Select(number => $"{number * 7919L % 1_000_003} "));
        (string Name, string Text)[] files =
            [("__main__.py", "first"), .. Enumerable.Range(0, 60).Select(number => ($"a/d{number % 7}/{number}/f", text + number)), ("__main__.py", "last")];

        var archive = Zip(files);
        var root = Unpack(archive)!;

        Assert.True(archive.Length > 4 * 1024 * 1024);
        Assert.Equal("last", System.IO.File.ReadAllText(Path.Combine(root, "__main__.py")));
        Assert.All(files[1..^1], file => Assert.Equal(file.Text, System.IO.File.ReadAllText(Path.Combine(root, file.Name))));
        archive[archive.Length / 2] ^= 0x55;
        Refused(archive);
    }

    [Fact]
    public void Keeps_the_modes_of_zip_entries_but_setuid()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            AddUnix(zip, "run.sh", 0x8000 | 0x9E8, "x"); // 04750
            AddUnix(zip, "readonly/", 0x4000 | 0x16D, ""); // 0555
            AddUnix(zip, "readonly/file", 0x8000 | 0x124, "x"); // 0444
            AddUnix(zip, "link", 0xA000 | 0x1FF, "readonly/file");
        }

        var root = Unpack(memory.ToArray())!;

        Assert.Equal((UnixFileMode)0x1E8, System.IO.File.GetUnixFileMode(Path.Combine(root, "run.sh")));
        Assert.Equal((UnixFileMode)0x16D | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(Path.Combine(root, "readonly")));
        Assert.Equal((UnixFileMode)0x124, System.IO.File.GetUnixFileMode(Path.Combine(root, "readonly/file")));
        Assert.Equal("readonly/file", new FileInfo(Path.Combine(root, "link")).LinkTarget);
    }

    [Fact]
    public void Keeps_zip_names_that_are_not_utf8()
    {
        var zip = Zip(("caf\u00a0.py", "x"));
        for (var at = 0; (at = zip.AsSpan().IndexOf("caf\u00a0"u8)) >= 0;)
        {
            (zip[at + 3], zip[at + 4]) = (0xE9, 0xE8);
        }

        for (var at = zip.AsSpan().LastIndexOf("PK\x1\x2"u8); at >= 0;)
        {
            zip[at + 9] &= 0xF7;
            zip[7] &= 0xF7;
            break;
        }

        Assert.Single(Directory.EnumerateFileSystemEntries(Unpack(zip)!));
    }
}

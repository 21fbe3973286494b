using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Entrypoint.Failures;
using Entrypoint.Sources.Archives;
using Entrypoint.Store;
using SharpCompress.Compressors.BZip2;

namespace Entrypoint.Tests.Sources.Archives;

public sealed class ArchiveTests : IDisposable
{
    private const string TarXz =
        "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AIZdADUbyGZKxVF9559mp52tDitY6BVwR2u71wmJ5j91TMB9QRDVPKbbmfA0VVXRU6026U+/+kSKwxIPB0lkVn1YqrjQlZv3LKXrmmhLOFcoiDJO5oFYyvuZzjdMnn4ISi/9MmJlCA0Szboq3l8D0Yd1UX1P4o5jJbah/jjqSavTLkGXKxK0W94MAAAAAnbC69yHMDYAAaIBgFAAAAPVBCuxxGf7AgAAAAAEWVo=";

    private readonly string _folder = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;

    public void Dispose() => FolderRemoval.Remove(_folder);

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

    public static TheoryData<string> UnsafeNames => ["../evil", "a/../../evil", "/evil", "a/..", "a/../b", ".."];

    [Theory]
    [MemberData(nameof(UnsafeNames))]
    public void Refuses_names_that_leave_the_folder(string name)
    {
        Refused(Tar(File(name, "x")));
        Refused(Gzip(Tar(File(name, "x"))));
        Refused(Zip((name, "x")));
        Assert.False(System.IO.File.Exists(Path.Combine(_folder, "evil")));
    }

    public static TheoryData<string> UnsafeTargets => ["../evil", "/etc/passwd", "a/../../evil", "inside/../..", ""];

    [Theory]
    [MemberData(nameof(UnsafeTargets))]
    public void Refuses_links_that_leave_the_folder(string target)
    {
        if (target.Length > 0)
        {
            Refused(Tar(Directory_("inside"), Link("link", target)));
            Refused(Tar(Link("link", target), File("link/file", "x")));
            Refused(Tar(HardLink("link", target)));
        }

        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            AddUnix(zip, "link", 0xA000 | 0x1FF, target);
        }

        Refused(memory.ToArray());
    }

    [Fact]
    public void Refuses_links_that_leave_the_folder_through_other_links() =>
        Refused(Tar(Directory_("a/b"), Link("c", "a/b"), Link("d", "c/../../..")));

    [Fact]
    public void Never_writes_through_a_link()
    {
        Refused(Tar(Directory_("a"), Link("b", "a"), File("b/file", "x")));
        Refused(Tar(Link("b", "a"), File("b/file", "x")));
    }

    [Fact]
    public void A_file_takes_the_place_of_a_link_of_its_name()
    {
        var root = Unpack(Tar(File("a", "one"), Link("b", "a"), File("b", "two")))!;

        Assert.Equal("one", System.IO.File.ReadAllText(Path.Combine(root, "a")));
        Assert.Equal("two", System.IO.File.ReadAllText(Path.Combine(root, "b")));
    }

    [Fact]
    public void Keeps_links_that_stay_in_the_folder()
    {
        var root = Unpack(Tar(File("a/file", "x"), Link("b/link", "../a/file"), HardLink("hard", "a/file"), Link("dangling", "nothing")))!;

        Assert.Equal("x", System.IO.File.ReadAllText(Path.Combine(root, "b/link")));
        Assert.Equal("x", System.IO.File.ReadAllText(Path.Combine(root, "hard")));
    }

    [Theory]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    public void Refuses_devices_and_pipes(TarEntryType type) => Refused(Tar(new PaxTarEntry(type, "thing")));

    [Fact]
    public void Refuses_what_is_cut_off_anywhere()
    {
        var tar = Tar(File("__main__.py", new string('x', 3000)), File("b", "y"));
        foreach (var length in new[] { 600, 1024, 2000, 4096, 4608, 5120 })
        {
            Refused(tar[..length]);
        }

        foreach (var whole in new[] { Gzip(tar), Bzip2(tar), Convert.FromBase64String(TarXz), Zip(("__main__.py", "x")) })
        {
            for (var length = 20; length < whole.Length; length += 7)
            {
                Refused(whole[..length]);
            }

            Refused(whole[..^1]);
        }
    }

    [Fact]
    public void Refuses_wrong_checksums()
    {
        var tar = Tar(File("__main__.py", new string('x', 3000)));
        foreach (var whole in new[] { Gzip(tar), Bzip2(tar) })
        {
            var broken = whole.ToArray();
            broken[^6] ^= 1;
            Refused(broken);
        }

        var header = tar.ToArray();
        header[^1100] ^= 1;
        var zip = Zip(("__main__.py", new string('x', 3000)));
        foreach (var (field, local, central) in new[] { ("checksum", 14, 16), ("size", 22, 24) })
        {
            foreach (var change in new[] { 1, 0x10 })
            {
                var broken = zip.ToArray();
                var directory = broken.AsSpan().LastIndexOf("PK\x1\x2"u8);
                broken[local] ^= (byte)change;
                broken[directory + central] ^= (byte)change;
                Assert.True(Refused(broken).Message.Length > 0, field);
            }
        }
    }

    [Fact]
    public void Refuses_encrypted_entries_with_a_clear_word()
    {
        var zip = Zip(("__main__.py", "x"));
        var directory = zip.AsSpan().LastIndexOf("PK\x1\x2"u8);
        zip[6] |= 1;
        zip[directory + 8] |= 1;

        Assert.Contains("encrypted", Refused(zip).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    public void Says_what_a_compressed_script_is(string form)
    {
        var script = Encoding.UTF8.GetBytes("print('hello')");

        Assert.Contains("there is no tar archive in it", Refused(form == "gzip" ? Gzip(script) : Bzip2(script)).Message, StringComparison.Ordinal);
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

    [Fact]
    public void Unreadable_and_missing_files_have_codes_of_their_own() =>
        Assert.Equal(
            ExitCode.NoInput,
            Assert.Throws<EntrypointException>(() => Archive.UnpackFile(Path.Combine(_folder, "no"), "no", NewFolder, default)).Code);

    [Fact]
    public void Random_bytes_after_any_magic_never_crash_it()
    {
        var random = new Random(1);
        byte[][] heads = [[.. "PK\x3\x4"u8], [0x1F, 0x8B, 8], [.. "BZh91AY&SY"u8], [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]];
        var tar = Tar(File("a", "x"), File("b", "y"));
        var zip = Zip(("a", "x"), ("b", "y"));
        for (var round = 0; round < 300; round++)
        {
            var bytes = new byte[random.Next(0, 3000)];
            random.NextBytes(bytes);
            Survives([.. heads[round % heads.Length], .. bytes]);

            foreach (var whole in new[] { tar, zip, Gzip(tar) })
            {
                var changed = whole.ToArray();
                changed[random.Next(changed.Length)] ^= (byte)random.Next(1, 256);
                Survives(changed);
            }
        }
    }

    private void Survives(byte[] archive)
    {
        try
        {
            Unpack(archive);
        }
        catch (EntrypointException exception)
        {
            Assert.Equal(ExitCode.DataError, exception.Code);
        }
    }

    private EntrypointException Refused(byte[] archive)
    {
        var failure = Assert.Throws<EntrypointException>(() => Unpack(archive));
        Assert.Equal(ExitCode.DataError, failure.Code);
        Assert.DoesNotContain('\n', failure.Message);
        return failure;
    }

    private string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName;

    private string? Unpack(byte[] archive)
    {
        var path = Path.Combine(_folder, Path.GetRandomFileName());
        System.IO.File.WriteAllBytes(path, archive);
        return Archive.UnpackFile(path, "the archive", NewFolder, default);
    }

    private static PaxTarEntry File(string name, string text, UnixFileMode mode = (UnixFileMode)0x1A4) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)), Mode = mode };

    private static PaxTarEntry Directory_(string name) => new(TarEntryType.Directory, name);

    private static PaxTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target };

    private static PaxTarEntry HardLink(string name, string target) => new(TarEntryType.HardLink, name) { LinkName = target };

    private static byte[] Tar(params System.Formats.Tar.TarEntry[] entries)
    {
        var memory = new MemoryStream();
        using (var writer = new TarWriter(memory))
        {
            Array.ForEach(entries, writer.WriteEntry);
        }

        return memory.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress))
        {
            gzip.Write(content);
        }

        return memory.ToArray();
    }

    private static byte[] Bzip2(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var bzip2 = BZip2Stream.Create(memory, SharpCompress.Compressors.CompressionMode.Compress, decompressConcatenated: false, leaveOpen: true))
        {
            bzip2.Write(content);
        }

        return memory.ToArray();
    }

    private static byte[] Zip(params (string Name, string Text)[] entries)
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

    private static void AddUnix(ZipArchive zip, string name, int mode, string text)
    {
        var entry = zip.CreateEntry(name);
        entry.ExternalAttributes = mode << 16;
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}

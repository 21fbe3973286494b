using System.Text;
using Entrypoint.Failures;
using Entrypoint.Sources.Archives;

namespace Entrypoint.Tests.Sources.Archives;

/// <summary>Archives that are damaged, encrypted, or none at all.</summary>
public sealed class BrokenArchiveTests : ArchiveTest
{
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
    public void Unreadable_and_missing_files_have_codes_of_their_own() =>
        Assert.Equal(
            ExitCode.NoInput,
            Assert.Throws<EntrypointException>(() => Archive.UnpackFile(Path.Combine(Folder, "no"), "no", NewFolder, default)).Code);

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
}

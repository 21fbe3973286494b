using System.Formats.Tar;
using System.IO.Compression;

namespace Entrypoint.Tests.Sources.Archives;

/// <summary>Archives that want to write elsewhere than into their folder.</summary>
public sealed class UnsafeArchiveTests : ArchiveTest
{
    public static TheoryData<string> UnsafeNames => ["../evil", "a/../../evil", "/evil", "a/..", "a/../b", ".."];

    [Theory]
    [MemberData(nameof(UnsafeNames))]
    public void Refuses_names_that_leave_the_folder(string name)
    {
        Refused(Tar(File(name, "x")));
        Refused(Gzip(Tar(File(name, "x"))));
        Refused(Zip((name, "x")));
        Assert.False(System.IO.File.Exists(Path.Combine(Folder, "evil")));
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
}

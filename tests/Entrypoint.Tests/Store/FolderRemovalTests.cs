using Entrypoint.Linux;
using Entrypoint.Store;

namespace Entrypoint.Tests.Store;

public sealed class FolderRemovalTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("removal-").FullName;

    public void Dispose() => FolderRemoval.Remove(_root);

    private string Path(string name) => System.IO.Path.Combine(_root, name);

    [Fact]
    public void A_tree_deeper_than_descriptors_there_are_goes()
    {
        const int Levels = 15_000;
        Directory.CreateDirectory(Path("deep"));
        var folder = FileCalls.OpenFolder(Path("deep")).Value;
        for (var level = 0; level < Levels; level++)
        {
            Assert.Equal(Errno.None, FileCalls.MakeFolder(folder, "a", 0x1C0));
            var next = FileCalls.OpenFolder(folder, "a").Value;
            _ = FileCalls.Close(folder);
            folder = next;
        }

        _ = FileCalls.Close(folder);

        FolderRemoval.Remove(Path("deep"));

        Assert.False(Directory.Exists(Path("deep")));
    }

    [Fact]
    public void Many_folders_side_by_side_go_whatever_their_rights()
    {
        for (var number = 0; number < 200; number++)
        {
            Directory.CreateDirectory(Path($"tree/{number}/a/b"));
            File.WriteAllText(Path($"tree/{number}/a/b/file"), "");
            File.SetUnixFileMode(Path($"tree/{number}/a"), UnixFileMode.UserRead);
        }

        FolderRemoval.Remove(Path("tree"));

        Assert.False(Directory.Exists(Path("tree")));
    }

    [Fact]
    public void What_a_link_leads_to_stays()
    {
        File.WriteAllText(System.IO.Path.Combine(Directory.CreateDirectory(Path("kept")).FullName, "file"), "");
        Directory.CreateDirectory(Path("tree/folder"));
        File.CreateSymbolicLink(Path("tree/folder/link"), Path("kept"));
        File.CreateSymbolicLink(Path("tree/nowhere"), "/not/there");

        FolderRemoval.Remove(Path("tree"));

        Assert.False(Directory.Exists(Path("tree")));
        Assert.True(File.Exists(Path("kept/file")));
    }

    [Fact]
    public void Nothing_happens_where_nothing_is() => FolderRemoval.Remove(Path("missing"));
}

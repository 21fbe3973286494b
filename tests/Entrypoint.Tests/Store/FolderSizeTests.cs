using Entrypoint.Store;

namespace Entrypoint.Tests.Store;

public sealed class FolderSizeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("entrypoint-size-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Counts_each_file_once_wherever_links_lead()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "a/.b"));
        File.WriteAllBytes(Path.Combine(_folder, "a/.b/file"), new byte[1000]);
        File.WriteAllBytes(Path.Combine(_folder, ".hidden"), new byte[23]);
        File.CreateSymbolicLink(Path.Combine(_folder, "a/up"), "..");
        File.CreateSymbolicLink(Path.Combine(_folder, "everything"), "/");
        File.CreateSymbolicLink(Path.Combine(_folder, "nowhere"), "not/there");
        File.CreateSymbolicLink(Path.Combine(_folder, "twice"), ".hidden");

        Assert.Equal(1023, FolderSize.Of(_folder));
    }

    [Fact]
    public void What_is_not_there_takes_no_room() => Assert.Equal(0, FolderSize.Of(Path.Combine(_folder, "not-there")));
}

using Entrypoint.Store;

namespace Entrypoint.Tests.Store;

public sealed class TreeCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("entrypoint-copy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_links_and_rights_are_copied()
    {
        var source = Path.Combine(_folder, "source");
        Directory.CreateDirectory(Path.Combine(source, "a/empty"));
        File.WriteAllText(Path.Combine(source, "a/text"), "text");
        File.WriteAllBytes(Path.Combine(source, "large"), new byte[300_000]);
        File.WriteAllText(Path.Combine(source, "none"), "");
        File.SetUnixFileMode(Path.Combine(source, "a/text"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetLastWriteTimeUtc(Path.Combine(source, "large"), DateTime.UnixEpoch.AddDays(1));
        File.CreateSymbolicLink(Path.Combine(source, "link"), "a/text");
        File.CreateSymbolicLink(Path.Combine(source, "nowhere"), "not/there");
        var target = Path.Combine(_folder, "target");

        var copy = new TreeCopy(long.MaxValue, CancellationToken.None);
        Assert.True(copy.Run(source, target));

        Assert.Equal(300_004, copy.Bytes);
        Assert.True(Directory.Exists(Path.Combine(target, "a/empty")));
        Assert.Equal("text", File.ReadAllText(Path.Combine(target, "a/text")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(target, "a/text")));
        Assert.Equal(new byte[300_000], File.ReadAllBytes(Path.Combine(target, "large")));
        Assert.Equal(DateTime.UnixEpoch.AddDays(1), File.GetLastWriteTimeUtc(Path.Combine(target, "large")));
        Assert.Equal(0, new FileInfo(Path.Combine(target, "none")).Length);
        Assert.Equal("a/text", new FileInfo(Path.Combine(target, "link")).LinkTarget);
        Assert.Equal("not/there", new FileInfo(Path.Combine(target, "nowhere")).LinkTarget);
    }

    [Fact]
    public void Stops_when_it_becomes_too_large()
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;
        File.WriteAllText(Path.Combine(source, "a"), "12345");

        Assert.False(new TreeCopy(4, CancellationToken.None).Run(source, Path.Combine(_folder, "target")));
    }
}

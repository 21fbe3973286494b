using Entrypoint.Preparation;

namespace Entrypoint.Tests.Preparation;

public sealed class PackageFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Stamp NewStamp() => new("content", null, [PackageFolder.Look(_folder), PackageFolder.Look(Path.Combine(_folder, "missing"))]);

    [Fact]
    public void Stays_the_same_where_nobody_changes_it() => Assert.True(NewStamp().IsValid("content"));

    [Fact]
    public void Is_valid_for_its_content_only() => Assert.False(NewStamp().IsValid("other"));

    [Fact]
    public void Stays_the_same_when_its_time_is_cut_to_the_second()
    {
        var time = new DateTime(2026, 1, 2, 3, 4, 5, 600, DateTimeKind.Utc);
        Directory.SetLastWriteTimeUtc(_folder, time);
        var stamp = NewStamp();
        Directory.SetLastWriteTimeUtc(_folder, time.AddMilliseconds(-600));

        Assert.True(stamp.IsValid("content"));
    }

    [Fact]
    public void Changes_with_its_names_within_the_same_second()
    {
        var time = Directory.GetLastWriteTimeUtc(_folder);
        var stamp = NewStamp();
        Directory.CreateDirectory(Path.Combine(_folder, "alpha"));
        Directory.SetLastWriteTimeUtc(_folder, time);

        Assert.False(stamp.IsValid("content"));
    }

    [Fact]
    public void Changes_with_its_time()
    {
        var stamp = NewStamp();
        Directory.SetLastWriteTimeUtc(_folder, DateTime.UtcNow.AddMinutes(-1));

        Assert.False(stamp.IsValid("content"));
    }

    [Fact]
    public void Changes_when_it_appears()
    {
        var stamp = NewStamp();
        var time = Directory.GetLastWriteTimeUtc(_folder);
        Directory.CreateDirectory(Path.Combine(_folder, "missing"));
        Directory.SetLastWriteTimeUtc(_folder, time);

        Assert.False(stamp.IsValid("content"));
    }
}

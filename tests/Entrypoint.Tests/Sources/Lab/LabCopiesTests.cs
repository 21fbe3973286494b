using Entrypoint.Sources.Lab;

namespace Entrypoint.Tests.Sources.Lab;

public sealed class LabCopiesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("a.csv", "10", "p/a.csv.v2", "p/a.csv.v10", "p/a.csv", "p/a.csv.gz.v11", "p/x/a.csv.v12")]
    [InlineData("a.csv", "1", "p/a.csv", "p/b.csv.v2")]
    [InlineData("a.csv.v2", "2", "p/a.csv.v2", "p/a.csv.v10")]
    [InlineData("a.csv.v3", null, "p/a.csv.v2", "p/a.csv.v10")]
    [InlineData("x/a.csv", "4", "p/x/a.csv.v4", "p/a.csv.v5")]
    [InlineData("a.csv", "b7c", "p/a.csv.b7c")]
    [InlineData("a.csv", null, "q/a.csv.v1")]
    public void The_newest_copy_is_that_of_the_highest_number(string key, string? version, params string[] files)
    {
        Make(files);

        Assert.Equal(version, new LabCopies(_root).Newest("P", LabDataKey.Parse(key))?.Version ?? new LabCopies(_root).Newest("p", LabDataKey.Parse(key))?.Version);
    }

    [Fact]
    public void Without_a_project_the_only_user_who_has_it_is_meant()
    {
        Make("lab-user-1/a.csv.v1", "lab-user-2/b.csv.v1", "lab-user-1/b.csv.v1", "churn/c.csv.v1");
        var copies = new LabCopies(_root);

        Assert.NotNull(copies.Newest(null, LabDataKey.Parse("a.csv")));
        Assert.Null(copies.Newest(null, LabDataKey.Parse("b.csv")));
        Assert.Null(copies.Newest(null, LabDataKey.Parse("c.csv")));
    }

    [Fact]
    public void A_copy_of_another_size_is_not_current()
    {
        Make("p/a.csv.v1");
        var copies = new LabCopies(_root);

        Assert.NotNull(copies.Current(new LabFile("p", "a.csv.v1", "1", 0, "p/a.csv.v1")));
        Assert.Null(copies.Current(new LabFile("p", "a.csv.v1", "1", 5, "p/a.csv.v1")));
        Assert.Null(copies.Current(new LabFile("p", "a.csv.v2", "2", 0, "p/a.csv.v2")));
    }

    private void Make(params string[] files)
    {
        foreach (var path in files.Select(file => Path.Combine(_root, file)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }
}

using Entrypoint.Failures;
using Entrypoint.Sources;

namespace Entrypoint.Tests.Sources;

public sealed class SubdirectoryTests : IDisposable
{
    private readonly string _outer = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;
    private readonly string _root;

    public SubdirectoryTests()
    {
        _root = Path.Combine(_outer, "tree");
        Directory.CreateDirectory(Path.Combine(_root, "a/b"));
        Directory.CreateDirectory(Path.Combine(_outer, "beside"));
        File.WriteAllText(Path.Combine(_root, "a/b/job.py"), "");
        File.CreateSymbolicLink(Path.Combine(_root, "inside"), "a/b");
        File.CreateSymbolicLink(Path.Combine(_root, "a/up"), "..");
        File.CreateSymbolicLink(Path.Combine(_root, "absolute"), Path.Combine(_root, "a"));
        File.CreateSymbolicLink(Path.Combine(_root, "outside"), "../beside");
        File.CreateSymbolicLink(Path.Combine(_root, "etc"), "/etc");
        File.CreateSymbolicLink(Path.Combine(_root, "back"), "../tree/a");
        File.CreateSymbolicLink(Path.Combine(_root, "chain"), "outside");
        File.CreateSymbolicLink(Path.Combine(_root, "circle"), "circle");
        File.CreateSymbolicLink(Path.Combine(_root, "dangling"), "a/nothing");
        File.CreateSymbolicLink(Path.Combine(_root, "a/link.py"), "b/job.py");
    }

    public void Dispose() => Directory.Delete(_outer, recursive: true);

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("/", "")]
    [InlineData("a", "a")]
    [InlineData("a/b/", "a/b")]
    [InlineData("///a//b", "a/b")]
    [InlineData("./a/./b", "a/b")]
    [InlineData("a/../a/b", "a/b")]
    [InlineData("inside", "inside")]
    [InlineData("absolute/b", "a/b")]
    [InlineData("a/up/a/b", "a/b")]
    [InlineData("a/b/..", "a")]
    public void Selects_a_folder(string? subdirectory, string expected)
    {
        var tree = Subdirectory.Select(_root, subdirectory, "the archive");

        Assert.Equal(Path.TrimEndingDirectorySeparator(Path.Combine(_root, expected)), tree.Main);
        Assert.True(tree.IsDirectory);
    }

    [Theory]
    [InlineData("a/b/job.py", "a/b")]
    [InlineData("/a/link.py", "a")]
    [InlineData("inside/job.py", "a/b")]
    public void Selects_a_file_whose_folder_is_the_code_folder(string subdirectory, string folder)
    {
        var tree = Subdirectory.Select(_root, subdirectory, "the archive");

        Assert.Equal(Path.Combine(_root, folder), tree.Folder);
        Assert.Equal(Path.GetFileName(subdirectory), Path.GetFileName(tree.Main));
        Assert.False(tree.IsDirectory);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../../beside")]
    [InlineData("../tree/a")]
    [InlineData("nothing/../../..")]
    [InlineData("outside")]
    [InlineData("chain")]
    [InlineData("etc/ssl")]
    [InlineData("back")]
    [InlineData("a/up/../beside")]
    [InlineData("a\0b")]
    public void Refuses_what_leaves_the_tree(string subdirectory) =>
        Assert.Equal(
            ExitCode.DataError,
            Assert.Throws<EntrypointException>(() => Subdirectory.Select(_root, subdirectory, "the archive")).Code);

    [Theory]
    [InlineData("nothing")]
    [InlineData("a/B")]
    [InlineData("a/b/job.py/x")]
    [InlineData("nothing/../a")]
    [InlineData("circle")]
    [InlineData("dangling")]
    public void Reports_what_is_not_there(string subdirectory)
    {
        var failure = Assert.Throws<EntrypointException>(() => Subdirectory.Select(_root, subdirectory, "the archive"));

        Assert.Equal(ExitCode.NoInput, failure.Code);
        Assert.Contains(subdirectory, failure.Message, StringComparison.Ordinal);
    }
}

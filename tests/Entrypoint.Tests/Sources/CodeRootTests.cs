using Entrypoint.Failures;
using Entrypoint.Sources;

namespace Entrypoint.Tests.Sources;

public sealed class CodeRootTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("entrypoint-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("", "__main__.py")]
    [InlineData("", "__main__.py", "pkg/a.py")]
    [InlineData("job", "job/__main__.py")]
    [InlineData("job", "job/a.py")]
    [InlineData("job", "job/__main__.py", "__MACOSX/job/._x", ".DS_Store", "._job", "pax_global_header")]
    [InlineData("", "job/__main__.py", "requirements.txt")]
    [InlineData("", "a/__main__.py", "b/__main__.py")]
    [InlineData("outer", "outer/job/__main__.py")]
    public void A_single_folder_is_what_an_archive_means(string expected, params string[] files)
    {
        Make(files);

        Assert.Equal(At(expected), CodeRoot.OfArchive(_root, null, "the archive").Folder);
    }

    [Theory]
    [InlineData("jobs/one", "repo-1/jobs/one")]
    [InlineData("/jobs/one", "repo-1/jobs/one")]
    [InlineData("repo-1/jobs", "repo-1/jobs")]
    public void A_subdirectory_counts_from_the_single_folder_or_from_the_root(string subdirectory, string expected)
    {
        Make("repo-1/jobs/one/__main__.py");

        Assert.Equal(At(expected), CodeRoot.OfArchive(_root, subdirectory, "the archive").Folder);
    }

    [Theory]
    [InlineData("..", ExitCode.DataError)]
    [InlineData("../repo-1", ExitCode.DataError)]
    [InlineData("nothing", ExitCode.NoInput)]
    public void A_subdirectory_stays_in_what_is_meant(string subdirectory, object code)
    {
        Make("repo-1/jobs/__main__.py");

        var failure = Assert.Throws<EntrypointException>(() => CodeRoot.OfArchive(_root, subdirectory, "the archive"));

        Assert.Equal(code, failure.Code);
    }

    [Fact]
    public void A_folder_without_main_is_reported()
    {
        Make("job.py");

        var failure = Assert.Throws<EntrypointException>(() => CodeRoot.RequireMain(new CodeTree(_root, _root), "the folder"));

        Assert.Equal(ExitCode.NoInput, failure.Code);
        Assert.Contains("__main__.py", failure.Message, StringComparison.Ordinal);
        CodeRoot.RequireMain(new CodeTree(_root, At("job.py")), "the script");
    }

    private string At(string name) => name.Length == 0 ? _root : Path.Combine(_root, name);

    private void Make(params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            File.WriteAllText(At(file), "");
        }
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>What holds whichever does the work, the <c>git</c> program or the library.</summary>
[SuppressMessage("Usage", "xUnit1033", Justification = "The fixture is passed on.")]
public abstract class GitTests(GitRepositories repositories, string engine) : GitTest(repositories, engine)
{
    [Theory]
    [InlineData("", "main MAIN")]
    [InlineData("@main", "main MAIN")]
    [InlineData("@HEAD", "main MAIN")]
    [InlineData("@feature/x", "feature")]
    [InlineData("@feature%2Fx", "feature")]
    [InlineData("@v1", "first FIRST")]
    [InlineData("@light", "first FIRST")]
    [InlineData("@both", "both BOTH")]
    [InlineData("@refs/tags/both", "first FIRST")]
    [InlineData("@refs/heads/both", "both BOTH")]
    [InlineData("@refs/pull/1/head", "pull PULL")]
    [InlineData("@MAIN", "main MAIN")]
    [InlineData("@MIDDLE", "middle MIDDLE")]
    [InlineData("@TAG", "first FIRST")]
    [InlineData("@SHORT", "middle MIDDLE")]
    [InlineData("@HEAD~1", "middle MIDDLE")]
    [InlineData("@main~1", "middle MIDDLE")]
    [InlineData("@PULL", "pull PULL")]
    public async Task Finds_the_commit_that_a_revision_means(string revision, string expected) =>
        await RanAsync(Resolve(expected), $"{Http}/jobs.git{Resolve(revision)}");

    [Fact]
    public async Task Takes_a_repository_of_this_machine() => await RanAsync($"first {Repositories.First}", $"{File}/jobs.git@v1");

    [Fact]
    public async Task Takes_a_repository_from_a_git_daemon()
    {
        using var daemon = await ServerProgram.StartAsync(
            "git", port => ["daemon", $"--base-path={Repositories.Root}", "--export-all", "--reuseaddr", "--listen=127.0.0.1", $"--port={port}"]);
        await RanAsync($"middle {Repositories.Middle}", $"git+git://127.0.0.1:{daemon.Port}/jobs.git@{Repositories.Middle}");
        await FailedAsync(66, "no git repository", $"git+git://127.0.0.1:{daemon.Port}/nope.git");
    }

    [Theory]
    [InlineData("#subdirectory=jobs/small", "small")]
    [InlineData("#subdirectory=/jobs/small/", "small")]
    [InlineData("@v1#egg=x&subdirectory=jobs/small", "small FIRST")]
    [InlineData("@MIDDLE#subdirectory=jobs/small", "small MIDDLE")]
    [InlineData("#subdirectory=jobs/small/script.py", "script")]
    [InlineData("#subdirectory=link", "small")]
    public async Task Runs_the_subdirectory(string rest, string expected)
    {
        await RanAsync(Resolve(expected), $"{Http}/jobs.git{Resolve(rest)}");
        await RanAsync(Resolve(expected), $"{Http}/jobs.git{Resolve(rest)}", "--sparse");
    }

    [Fact]
    public async Task Has_the_neighbours_unless_it_is_sparse()
    {
        using var folder = new TemporaryFolder();
        var probe = "import os; root = os.path.dirname(os.path.dirname(os.environ['ENTRYPOINT_CODE'])); "
            + "print('neighbours', os.path.exists(root + '/other/1.txt')); print('lines', open(os.environ['ENTRYPOINT_CODE'] + '/lines.crlf', 'rb').read())";
        Dictionary<string, string?> environment = new() { ["PYTHONSTARTUP"] = null, ["PROBE"] = probe };
        var site = folder.Write("sitecustomize.py",
            """
            import os
            exec(os.environ.get('PROBE', '')) if 'ENTRYPOINT_CODE' in os.environ else None
            """);
        environment["PYTHONPATH"] = Path.GetDirectoryName(site);

        var whole = await RunWithAsync($"{Http}/jobs.git#subdirectory=jobs/small", environment);
        var sparse = await RunWithAsync($"{Http}/jobs.git#subdirectory=jobs/small", environment, "--sparse");

        Assert.Contains("neighbours True", whole.Output, StringComparison.Ordinal);
        Assert.Contains("neighbours False", sparse.Output, StringComparison.Ordinal);
        Assert.Contains(@"b'one\r\ntwo\r\n'", whole.Output, StringComparison.Ordinal);
        Assert.Contains(@"b'one\r\ntwo\r\n'", sparse.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@nope", 66, "no revision 'nope'")]
    [InlineData("@refs/heads/nope", 66, "no revision")]
    [InlineData("@deadbee", 66, "no revision")]
    [InlineData("@0123456789012345678901234567890123456789", 66, "no revision")]
    [InlineData("#subdirectory=nope", 66, "no folder or file 'nope'")]
    [InlineData("#subdirectory=jobs/small/nope.py", 66, "no folder or file")]
    [InlineData("#subdirectory=.git", 66, "no folder or file")]
    [InlineData("#subdirectory=out", 65, "leads out of")]
    [InlineData("#subdirectory=out/passwd", 65, "leads out of")]
    [InlineData("#subdirectory=up/x", 65, "leads out of")]
    [InlineData("#subdirectory=../x", 65, "leaves the tree")]
    [InlineData("@--detach", 65, "hyphen")]
    [InlineData("#subdirectory=jobs", 66, "__main__.py")]
    public async Task Says_what_is_not_there(string rest, int exitCode, string message)
    {
        await FailedAsync(exitCode, message, $"{Http}/jobs.git{rest}");
        if (rest.StartsWith('#'))
        {
            await FailedAsync(exitCode, message, $"{Http}/jobs.git{rest}", "--sparse");
        }
    }

    [Fact]
    public async Task Fetches_submodules_at_the_commit_that_the_tree_names()
    {
        await RanAsync("old", $"{Http}/super.git");
        await RanAsync("old", $"{File}/super.git");
        await RanAsync("old", $"{Http}/super.git#subdirectory=job", "--sparse");
    }

    [Theory]
    [InlineData("evil.git")]
    [InlineData("canary.git")]
    public async Task Fetches_no_submodule_by_a_transport_that_is_not_safe(string name)
    {
        System.IO.File.Delete("/tmp/entrypoint-canary");
        await FailedAsync(65, "not allowed", $"{Http}/{name}");
        Assert.False(System.IO.File.Exists("/tmp/entrypoint-canary"));
    }

    [Fact]
    public async Task Leaves_nothing_behind()
    {
        using var temporary = new TemporaryFolder();
        Dictionary<string, string?> environment = new() { ["TMPDIR"] = temporary.Path };
        await RunWithAsync($"{Http}/super.git", environment);
        await RunWithAsync($"{Http}/jobs.git@{Repositories.Middle[..8]}", environment);
        await RunWithAsync($"{Http}/jobs.git@nope", environment);

        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Path));
    }

    [Fact]
    public async Task Writes_the_resolved_commit_into_the_report()
    {
        using var folder = new TemporaryFolder();
        await RunAsync($"{Http}/jobs.git@v1#subdirectory=jobs/small", "--report", folder["report.json"]);

        using var report = System.Text.Json.JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(folder["report.json"]));
        var source = report.RootElement.GetProperty("source");
        Assert.Equal(Repositories.First, source.GetProperty("resolvedRevision").GetString());
        Assert.Equal("v1", source.GetProperty("revision").GetString());
        Assert.Equal("jobs/small", source.GetProperty("subdirectory").GetString());
    }
}

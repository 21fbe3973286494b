using System.Diagnostics.CodeAnalysis;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>What holds whichever does the work, the <c>git</c> program or the library.</summary>
[SuppressMessage("Usage", "xUnit1033", Justification = "The fixture is passed on.")]
public abstract class GitTests(GitRepositories repositories, string engine) : IAsyncLifetime
{
    private GitHttpServer _server = null!;

    protected GitRepositories Repositories { get; } = repositories;

    protected string Http => $"git+http://{_server.Host}";

    protected string File => $"git+file://{Repositories.Root}";

    public async ValueTask InitializeAsync() => _server = await GitHttpServer.StartAsync(Repositories.Root);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    protected Task<RunResult> RunAsync(string code, params string[] options) => RunWithAsync(code, [], options);

    protected Task<RunResult> RunWithAsync(string code, Dictionary<string, string?> environment, params string[] options)
    {
        var all = new Dictionary<string, string?>(environment) { ["ENTRYPOINT_GIT"] = engine };
        all.TryAdd("HOME", Repositories.Home);
        return EntrypointProcess.RunAsync([code, .. options], all);
    }

    protected async Task RanAsync(string what, string code, params string[] options)
    {
        var result = await RunAsync(code, options);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"ran {what}", result.Output, StringComparison.Ordinal);
    }

    protected async Task FailedAsync(int exitCode, string message, string code, params string[] options)
    {
        var result = await RunAsync(code, options);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains(message, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ran ", result.Output, StringComparison.Ordinal);
    }

    private string Resolve(string text) => text
        .Replace("MAIN", Repositories.Main, StringComparison.Ordinal)
        .Replace("FIRST", Repositories.First, StringComparison.Ordinal)
        .Replace("MIDDLE", Repositories.Middle, StringComparison.Ordinal)
        .Replace("SHORT", Repositories.Middle[..9], StringComparison.Ordinal)
        .Replace("PULL", Repositories.Pull, StringComparison.Ordinal)
        .Replace("BOTH", Repositories.Both, StringComparison.Ordinal)
        .Replace("TAG", Repositories.TagObject, StringComparison.Ordinal);

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
    public async Task Says_that_there_is_no_such_repository()
    {
        await FailedAsync(66, "no git repository", $"{Http}/nope.git");
        await FailedAsync(66, "no git repository", $"{File}/nope.git");
        await FailedAsync(66, "nothing to fetch", $"{Http}/empty.git");
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
    public async Task Logs_in_with_the_user_and_password_of_the_url()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, login: "me:p@ss/w:rd"));
        var result = await RunWithAsync(
            $"git+http://me:${{PASSWORD}}@{server.Host}/super.git", new() { ["PASSWORD"] = "p%40ss%2Fw%3Ard" }, "--log-level=debug");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran old", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("p%40ss", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("p@ss", result.Output, StringComparison.Ordinal);
        Assert.Contains($"http://me:****@{server.Host}/super.git", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_a_lone_token_as_user_name_with_an_empty_password()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, login: "t0ken-123:"));
        var result = await RunAsync($"git+http://t0ken-123@{server.Host}/jobs.git#subdirectory=jobs/small", "--sparse");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran small", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken-123", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_access_is_denied()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, login: "me:right"));

        await FailedAsync(77, "denied", $"git+http://{server.Host}/jobs.git");
        await FailedAsync(77, "denied", $"git+http://me:wrong-one@{server.Host}/jobs.git");
        var result = await RunAsync($"git+http://me:wrong-one@{server.Host}/jobs.git");
        Assert.DoesNotContain("wrong-one", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tries_again_what_the_network_broke()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, failures: 2));

        await RanAsync("main", $"git+http://{server.Host}/jobs.git");
    }

    [Fact]
    public async Task Gives_up_after_three_attempts()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, failures: 1000));

        await FailedAsync(69, "after 3 attempts", $"git+http://{server.Host}/jobs.git");
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_unavailable()
    {
        await FailedAsync(69, "cannot be reached", "git+http://127.0.0.1:1/jobs.git");
        await FailedAsync(69, "cannot be reached", "git+http://no-such-host.invalid/jobs.git");
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_in_bounded_time()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, neverAnswers: true));

        await FailedAsync(69, "--fetch-timeout", $"git+http://{server.Host}/jobs.git", "--fetch-timeout=1s");
        Assert.Single(server.Requests);
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

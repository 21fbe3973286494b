using Entrypoint.EndToEnd.VersionControl;

namespace Entrypoint.EndToEnd.Cache;

/// <summary>What <c>ENTRYPOINT_CODE_CACHE</c> keeps: fetched once, a copy for each run, gone when there is no room.</summary>
public sealed class CodeCacheTests(GitRepositories repositories) : IClassFixture<GitRepositories>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private GitHttpServer _server = null!;

    private string Url => $"git+http://{_server.Host}/jobs.git";

    private int Packs => _server.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal) && request.Contains("git-upload-pack", StringComparison.Ordinal));

    public async ValueTask InitializeAsync() => _server = await GitHttpServer.StartAsync(
        repositories.Root, (application, root) => GitHttpServer.Create(application, root, protocol2: false));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_pinned_commit_that_is_there_needs_no_network()
    {
        var pinned = $"{Url}@{repositories.Middle}";
        var first = await RunAsync(pinned);
        await _server.DisposeAsync();

        var second = await RunAsync(pinned, "--report", _folder["report.json"]);

        Assert.Contains($"ran middle {repositories.Middle}", first.Output, StringComparison.Ordinal);
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Contains($"ran middle {repositories.Middle}", second.Output, StringComparison.Ordinal);
        Assert.Contains($"\"resolvedRevision\": \"{repositories.Middle}\"", File.ReadAllText(_folder["report.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_is_asked_for_and_fetched_again_only_when_it_has_moved()
    {
        await RanAsync("main", $"{Url}@main");
        var packs = Packs;

        await RanAsync("main", $"{Url}@main");
        Assert.Equal(packs, Packs);

        await RanAsync("feature", $"{Url}@feature/x");
        Assert.True(Packs > packs);
    }

    [Fact]
    public async Task Starts_at_once_fetch_once()
    {
        // One fetch may take more than one question.
        await EntrypointProcess.RunAsync([$"{Url}@main"], Environment(size: null));
        var single = Packs;

        var runs = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => RunAsync($"{Url}@main")));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0 && run.Output.Contains("ran main", StringComparison.Ordinal), run.ToString()));
        Assert.Equal(2 * single, Packs);
    }

    [Fact]
    public async Task Each_run_has_a_copy_of_its_own()
    {
        var pinned = $"{Url}@{repositories.Middle}";
        await RanAsync("middle", pinned);

        var change = _folder.Write("change", "#!/bin/sh\necho changed > \"$1/__main__.py\"\n");
        File.SetUnixFileMode(change, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // What a run does to its copy is not seen by the next one.
        await EntrypointProcess.RunAsync([pinned, "--python", change], Environment());
        await RanAsync("middle", pinned);
        await RanAsync("small", $"{pinned}#subdirectory=jobs/small");
        Assert.Single(Directory.GetDirectories(_folder["state/code"]));
    }

    [Fact]
    public async Task What_was_used_longest_ago_goes_when_there_is_no_room()
    {
        // What a commit takes differs by what the server sends for it besides, so each is measured.
        var sizes = new List<long>();
        foreach (var commit in new[] { repositories.Middle, repositories.Main })
        {
            await RunAsync($"{Url}@{commit}");
            sizes.Add(Kept() - sizes.Sum());
        }

        Directory.Delete(_folder["state"], recursive: true);
        var size = $"{sizes.Max() + (sizes.Min() / 2)}";
        await RanAsync("middle", $"{Url}@{repositories.Middle}", size);
        await RanAsync("main", $"{Url}@{repositories.Main}", size);

        Assert.Single(Directory.GetDirectories(_folder["state/code"]));
        await _server.DisposeAsync();
        await RanAsync("main", $"{Url}@{repositories.Main}", size);

        // The code has links that lead up again.
        long Kept() => new DirectoryInfo(_folder["state/code"])
            .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Sum(file => file.Length);
    }

    [Fact]
    public async Task Where_there_are_no_locks_starts_at_once_all_succeed()
    {
        var wrapper = Wrapper.Refusing(errno: 38, call: System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 32 : 73);

        var runs = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => EntrypointProcess.RunAsync([$"{Url}@main"], Environment(), wrapper: wrapper)));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0 && run.Output.Contains("ran main", StringComparison.Ordinal), run.ToString()));
        await RanAsync("main", $"{Url}@main");
        Assert.Empty(Directory.Exists(_folder["state/locks"]) ? Directory.GetFiles(_folder["state/locks"]) : []);
    }

    [Theory]
    [InlineData("program")]
    [InlineData("library")]
    public async Task Submodules_are_kept_with_the_tree(string engine)
    {
        var commit = (await GitRepositories.GitIn(Path.Combine(repositories.Root, "super.git"), "rev-parse", "HEAD")).Trim();
        var code = $"git+http://{_server.Host}/super.git@{commit}";
        Dictionary<string, string?> environment = new(Environment()) { ["ENTRYPOINT_GIT"] = engine };
        var first = await EntrypointProcess.RunAsync([code], environment);
        await _server.DisposeAsync();

        var second = await EntrypointProcess.RunAsync([code], environment);

        Assert.All([first, second], run => Assert.True(run.ExitCode == 0 && run.Output.Contains("ran old", StringComparison.Ordinal), run.ToString()));
    }

    [Fact]
    public async Task Prune_removes_what_nothing_has_used()
    {
        await RanAsync("main", $"{Url}@main");

        var young = await EntrypointProcess.RunAsync(["--prune", "1h"], Environment());
        Assert.Single(Directory.GetDirectories(_folder["state/code"]));
        var all = await EntrypointProcess.RunAsync(["--prune", "0s"], Environment());

        Assert.True(young.ExitCode == 0 && all.ExitCode == 0, $"{young}\n{all}");
        Assert.Empty(Directory.GetDirectories(_folder["state/code"]));
        await RanAsync("main", $"{Url}@main");
    }

    [Fact]
    public async Task What_is_larger_than_the_cache_is_not_kept()
    {
        await RanAsync("main", $"{Url}@main", "1kB");

        Assert.True(!Directory.Exists(_folder["state/code"]) || Directory.GetDirectories(_folder["state/code"]).Length == 0);
    }

    [Fact]
    public async Task A_start_that_is_killed_leaves_nothing_that_is_in_the_way()
    {
        for (var round = 0; round < 10; round++)
        {
            using (var process = EntrypointProcess.Start([$"{Url}@main"], Environment()))
            {
                await Task.Delay(Random.Shared.Next(20, 400));
                EntrypointProcess.SendSignal(process.Id, SIGKILL);
                await process.WaitAsync();
            }

            await RanAsync("main", $"{Url}@main");
        }

        Assert.Single(Directory.GetDirectories(_folder["state/code"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    public async Task Nothing_is_kept_where_it_is_off(string? size)
    {
        await RanAsync("main", $"{Url}@main", size);

        Assert.False(Directory.Exists(_folder["state/code"]));
    }

    [Fact]
    public async Task A_dry_run_touches_nothing()
    {
        var result = await EntrypointProcess.RunAsync([$"{Url}@main", "--dry-run"], Environment());

        Assert.Equal(0, result.ExitCode);
        Assert.False(Directory.Exists(_folder["state"]));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_size_that_cannot_be_read_is_a_usage_error()
    {
        var result = await EntrypointProcess.RunAsync([$"{Url}@main"], Environment("much"));

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("ENTRYPOINT_CODE_CACHE", result.Output, StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Environment(string? size = "1GiB") => new()
    {
        ["ENTRYPOINT_CODE_CACHE"] = size,
        ["ENTRYPOINT_STATE"] = _folder["state"],
        ["HOME"] = repositories.Home,
    };

    private Task<RunResult> RunAsync(string code, params string[] options) => EntrypointProcess.RunAsync([code, .. options], Environment());

    private async Task RanAsync(string what, string code, string? size = "1GiB")
    {
        var result = await EntrypointProcess.RunAsync([code], Environment(size));
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"ran {what}", result.Output, StringComparison.Ordinal);
    }
}

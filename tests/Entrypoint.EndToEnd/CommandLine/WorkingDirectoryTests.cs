namespace Entrypoint.EndToEnd.CommandLine;

public sealed class WorkingDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WorkingDirectoryTests()
    {
        _folder.Job("import os; print('job in', os.getcwd())", "home/job");
        _folder.Write("home/job/setup.sh", "echo step in $PWD\n");
        Directory.CreateDirectory(_folder["home/job/inner"]);
        Directory.CreateDirectory(_folder["caller"]);
    }

    public void Dispose() => _folder.Dispose();

    private Task<RunResult> RunAsync(string[] arguments, string? executeCode = null, string? home = null) => EntrypointProcess.RunAsync(
        arguments,
        new Dictionary<string, string?> { ["EXECUTE_CODE"] = executeCode, ["WORKSPACE_HOME"] = home ?? _folder["home"] },
        workingDirectory: _folder["caller"]);

    [Fact]
    public async Task Is_the_callers_when_the_code_is_an_argument()
    {
        var result = await RunAsync(["../home/job"]);

        Assert.Contains($"job in {_folder["caller"]}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_workspace_home_when_the_code_comes_from_execute_code()
    {
        var result = await RunAsync([], "job");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"job in {_folder["home"]}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_the_callers_when_workspace_home_is_not_there()
    {
        var result = await RunAsync([], _folder["home/job"], _folder["nowhere"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"job in {_folder["caller"]}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_argument_wins_over_execute_code()
    {
        var result = await RunAsync([_folder["home/job"]], "/not/there");

        Assert.Contains($"job in {_folder["caller"]}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_the_steps_is_the_code_directory()
    {
        var result = await RunAsync([], "job");

        Assert.Contains($"step in {_folder["home/job"]}\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inner", "home/job/inner")]
    [InlineData("..", "home")]
    [InlineData(".", "home/job")]
    public async Task That_is_given_as_a_relative_one_is_taken_from_the_code_directory(string given, string expected)
    {
        foreach (var result in new[] { await RunAsync(["../home/job", "--workdir", given]), await RunAsync([$"--workdir={given}"], "job") })
        {
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Contains($"job in {_folder[expected]}\n", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task That_is_given_may_be_absolute()
    {
        var result = await RunAsync(["../home/job", "--workdir", "/"]);

        Assert.Contains("job in /\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/not/there")]
    [InlineData("not/there")]
    [InlineData("__main__.py")]
    public async Task That_is_not_there_ends_with_66_before_the_job(string given)
    {
        var result = await RunAsync(["../home/job", "--workdir", given]);

        Assert.True(result.ExitCode == 66, result.ToString());
        Assert.Contains(given, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("job in", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task May_be_made_by_setup()
    {
        _folder.Write("home/job/setup.sh", "mkdir -p made\n");

        var result = await RunAsync(["../home/job", "--workdir", "made"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"job in {_folder["home/job/made"]}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_has_been_removed_does_not_keep_an_absolute_path_from_running()
    {
        var job = _folder.Job("print('ran')", "plain");

        var result = await EntrypointProcess.RunAsync(
            [job, "--workdir", "/"], workingDirectory: _folder["caller"], wrapper: Wrapper.Shell("mkdir gone; cd gone; rmdir ../gone; exec \"$@\""));

        Assert.True(result.ExitCode == 0, result.ToString());
    }
}

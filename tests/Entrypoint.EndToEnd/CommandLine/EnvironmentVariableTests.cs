using System.Text.Json;

namespace Entrypoint.EndToEnd.CommandLine;

/// <summary>Every option but <c>--version</c> and <c>--help</c> by its variable.</summary>
public sealed class EnvironmentVariableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunResult> RunAsync(string python, string[] arguments, params (string Name, string Value)[] environment) =>
        EntrypointProcess.RunAsync(
            [_folder.Job(python), .. arguments],
            environment.Append(("ENTRYPOINT_STATE", _folder["state"])).ToDictionary(entry => entry.Item1, entry => (string?)entry.Item2),
            workingDirectory: _folder.Path);

    [Fact]
    public async Task Requirements_only_prepares_and_runs_nothing()
    {
        _folder.Write("job/setup.sh", "echo prepared\n");

        var result = await RunAsync("print('ran')", [], ("ENTRYPOINT_REQUIREMENTS_ONLY", "true"));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("prepared", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ran\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_only_prepares_nothing_and_runs()
    {
        _folder.Write("job/setup.sh", "echo prepared\n");

        var result = await RunAsync("print('ran')", [], ("ENTRYPOINT_CODE_ONLY", "true"));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.DoesNotContain("prepared", result.Output, StringComparison.Ordinal);
        Assert.Contains("ran\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dry_run_prints_the_plan()
    {
        var result = await RunAsync("print('ran')", [], ("ENTRYPOINT_DRY_RUN", "true"));

        Assert.True(result.ExitCode == 0, result.ToString());
        using var plan = JsonDocument.Parse(result.Output);
        Assert.Equal("full", plan.RootElement.GetProperty("mode").GetString());
    }

    [Fact]
    public async Task Keep_going_makes_a_failed_step_a_warning()
    {
        _folder.Write("job/setup.sh", "exit 3\n");

        var stopped = await RunAsync("print('ran')", []);
        var kept = await RunAsync("print('ran')", [], ("ENTRYPOINT_KEEP_GOING", "true"));

        Assert.True(stopped.ExitCode == 78, stopped.ToString());
        Assert.True(kept.ExitCode == 0, kept.ToString());
        Assert.Contains("[WARNING]", kept.Output, StringComparison.Ordinal);
        Assert.Contains("ran\n", kept.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ENTRYPOINT_KEEP_GOING", "false")]
    [InlineData("ENTRYPOINT_DRY_RUN", "false")]
    [InlineData("ENTRYPOINT_REQUIREMENTS_ONLY", "")]
    [InlineData("ENTRYPOINT_CODE_ONLY", "")]
    [InlineData("ENTRYPOINT_TIMEOUT", "")]
    [InlineData("ENTRYPOINT_GRACE_PERIOD", "")]
    [InlineData("ENTRYPOINT_FETCH_TIMEOUT", "")]
    [InlineData("ENTRYPOINT_PYTHON", "")]
    [InlineData("ENTRYPOINT_WORKDIR", "")]
    [InlineData("ENTRYPOINT_REPORT", "")]
    [InlineData("ENTRYPOINT_LOG_FORMAT", "")]
    [InlineData("ENTRYPOINT_LOG_LEVEL", "")]
    [InlineData("ENTRYPOINT_SPARSE", "false")]
    [InlineData("ENTRYPOINT_REFRESH", "false")]
    [InlineData("ENTRYPOINT_GIT", "")]
    [InlineData("MAX_NUM_THREADS", "")]
    [InlineData("LAB_CA_BUNDLE", "")]
    [InlineData("LAB_INSECURE", "")]
    public async Task One_that_is_empty_or_false_changes_nothing(string name, string value)
    {
        _folder.Write("job/setup.sh", "echo prepared\n");

        var result = await RunAsync("print('ran')", [], (name, value));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("prepared", result.Output, StringComparison.Ordinal);
        Assert.Contains("ran\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_stops_the_job_and_the_command_line_wins()
    {
        var byVariable = await RunAsync("import time; time.sleep(3600)", [], ("ENTRYPOINT_TIMEOUT", "1"));
        var byOption = await RunAsync("import time; time.sleep(1.5)", ["--timeout", "1h"], ("ENTRYPOINT_TIMEOUT", "1"));

        Assert.True(byVariable.ExitCode == 124, byVariable.ToString());
        Assert.True(byOption.ExitCode == 0, byOption.ToString());
    }

    [Fact]
    public async Task Python_names_the_interpreter_and_the_command_line_wins()
    {
        var wrong = await RunAsync("print('ran')", [], ("ENTRYPOINT_PYTHON", "/not/there/python"));
        var right = await RunAsync("print('ran')", ["--python", Interpreter.Program], ("ENTRYPOINT_PYTHON", "/not/there/python"));

        Assert.True(wrong.ExitCode == 127, wrong.ToString());
        Assert.True(right.ExitCode == 0, right.ToString());
    }

    [Fact]
    public async Task Workdir_is_where_the_job_runs()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);

        var result = await RunAsync("import os; print('in', os.getcwd())", [], ("ENTRYPOINT_WORKDIR", _folder["elsewhere"]));

        Assert.Contains($"in {_folder["elsewhere"]}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_format_and_level_shape_the_log()
    {
        var json = await RunAsync("pass", [], ("ENTRYPOINT_LOG_FORMAT", "json"));
        var quiet = await RunAsync("pass", [], ("ENTRYPOINT_LOG_LEVEL", "error"));
        var text = await RunAsync("pass", ["--log-format", "text"], ("ENTRYPOINT_LOG_FORMAT", "json"));

        Assert.All(json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("{", line, StringComparison.Ordinal));
        Assert.Equal("", quiet.Output);
        Assert.Contains("[INFO]", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_names_the_file()
    {
        var result = await RunAsync("pass", [], ("ENTRYPOINT_REPORT", _folder["report.json"]));

        Assert.True(result.ExitCode == 0, result.ToString());
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["report.json"]));
        Assert.Equal(0, report.RootElement.GetProperty("exitCode").GetInt32());
    }
}

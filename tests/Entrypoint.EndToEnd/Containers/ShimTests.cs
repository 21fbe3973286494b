using System.Text.Json;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>
/// The scripts in <c>docker/shims</c>, which stand where ml-workspace's own stood. What they ask the executable for is read from its plan.
/// </summary>
public sealed class ShimTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ShimTests()
    {
        _folder.Job("", "job");
        _folder.Job("", "sp ace");
        _folder.Write("resources/scripts/execute_code.py", File.ReadAllText(Repository.File("docker", "shims", "execute_code.py")));
        _folder.Write("resources/scripts/run_workspace.py", "");
        _folder.Write("resources/docker-entrypoint.py", File.ReadAllText(Repository.File("docker", "shims", "docker-entrypoint.py")));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new[] { "job" }, "job", "full")]
    [InlineData(new[] { "--requirements-only", "job" }, "job", "requirements-only")]
    [InlineData(new[] { "job", "--code-only" }, "job", "code-only")]
    [InlineData(new[] { "--req", "job" }, "job", "requirements-only")]
    [InlineData(new[] { "--c", "job" }, "job", "code-only")]
    [InlineData(new[] { "sp", "ace" }, "sp ace", "full")]
    public async Task Execute_code_reads_its_arguments_as_before(string[] words, string folder, string mode)
    {
        var (source, planned, _) = await PlanAsync("scripts/execute_code.py", words);

        Assert.Equal(_folder[folder], source);
        Assert.Equal(mode, planned);
    }

    [Theory]
    [InlineData("scripts/execute_code.py")]
    [InlineData("docker-entrypoint.py")]
    public async Task Take_the_code_of_the_variable_first(string script)
    {
        var result = await RunAsync(script, ["other"], code: _folder["job"]);

        Assert.StartsWith("Unknown arguments ['other']", result.Output, StringComparison.Ordinal);
        Assert.Contains($"\"reference\": \"{_folder["job"]}\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_code_names_and_ignores_what_it_does_not_know()
    {
        var result = await RunAsync("scripts/execute_code.py", ["--no-such", "job"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.StartsWith("Unknown arguments ['--no-such']", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_code_passes_on_what_is_the_jobs()
    {
        var (_, _, arguments) = await PlanAsync("scripts/execute_code.py", ["job", "--", "--code-only", "a b"]);

        Assert.Equal(["--code-only", "a b"], arguments);
    }

    [Fact]
    public async Task Execute_code_never_starts_the_workspace()
    {
        var result = await RunAsync("scripts/execute_code.py", []);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("EXECUTE_CODE", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scripts/execute_code.py")]
    [InlineData("docker-entrypoint.py")]
    public async Task Report_flags_without_code(string script)
    {
        var result = await RunAsync(script, ["--code-only"]);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("EXECUTE_CODE", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Docker_entrypoint_starts_the_workspace_with_its_arguments()
    {
        var (source, mode, arguments) = await PlanAsync("docker-entrypoint.py", ["--port", "a b"]);

        Assert.Null(source);
        Assert.Equal("workspace", mode);
        Assert.Equal(["--port", "a b"], arguments);
    }

    [Fact]
    public async Task Docker_entrypoint_runs_the_code_where_there_is_some()
    {
        var (source, mode, _) = await PlanAsync("docker-entrypoint.py", ["--code-only"], _folder["job"]);

        Assert.Equal(_folder["job"], source);
        Assert.Equal("code-only", mode);
    }

    [Fact]
    public async Task Become_the_executable()
    {
        _folder.Write("job/__main__.py", "import os; print('parent', os.getppid(), 'of', os.environ['STARTED_AS'])");

        // The shell's process becomes Python, and that becomes the executable.
        using var process = EntrypointProcess.Start(
            ["-c", "STARTED_AS=$$ exec python3 \"$0\" \"$1\"", _folder["resources/scripts/execute_code.py"], _folder["job"]],
            new Dictionary<string, string?> { ["_ENTRYPOINT_EXECUTABLE"] = EntrypointProcess.Executable },
            program: "sh");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"parent {process.Id} of {process.Id}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_the_executable_on_the_path()
    {
        using var process = EntrypointProcess.Start(
            [_folder["resources/scripts/execute_code.py"], _folder["job"]],
            new Dictionary<string, string?> { ["PATH"] = $"{Path.GetDirectoryName(EntrypointProcess.Executable)}:{Interpreter.SearchPath}" },
            program: Interpreter.Program);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Fact]
    public async Task Say_when_the_executable_is_missing()
    {
        var result = await RunAsync("scripts/execute_code.py", ["job"], executable: "/nowhere/entrypoint");

        Assert.Equal(127, result.ExitCode);
        Assert.Equal("/nowhere/entrypoint: No such file or directory\n", result.Error);
    }

    private async Task<(string? Source, string? Mode, string[] Arguments)> PlanAsync(string script, string[] words, string? code = null)
    {
        var result = await RunAsync(script, words, code);
        Assert.True(result.ExitCode == 0, result.ToString());
        using var plan = JsonDocument.Parse(result.Output);
        var source = plan.RootElement.GetProperty("source");
        return (
            source.ValueKind == JsonValueKind.Null ? null : source.GetProperty("path").GetString(),
            plan.RootElement.GetProperty("mode").GetString(),
            [.. plan.RootElement.GetProperty("jobArguments").EnumerateArray().Select(value => value.GetString()!)]);
    }

    private async Task<RunResult> RunAsync(string script, string[] words, string? code = null, string? executable = null)
    {
        var environment = new Dictionary<string, string?>
        {
            ["_ENTRYPOINT_EXECUTABLE"] = executable ?? EntrypointProcess.Executable,
            ["RESOURCES_PATH"] = _folder["resources"],
            ["ENTRYPOINT_DRY_RUN"] = "true",
            ["EXECUTE_CODE"] = code,
        };
        using var process = EntrypointProcess.Start([_folder[$"resources/{script}"], .. words], environment, _folder.Path, program: "python3");
        return await process.WaitAsync();
    }
}

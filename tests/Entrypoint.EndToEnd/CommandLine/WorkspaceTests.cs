namespace Entrypoint.EndToEnd.CommandLine;

/// <summary>Without code: the workspace itself is started.</summary>
public sealed class WorkspaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string?> With(params (string Name, string Value)[] variables) =>
        variables.Append(("RESOURCES_PATH", _folder["resources"])).ToDictionary(entry => entry.Item1, entry => (string?)entry.Item2);

    [Fact]
    public async Task Runs_the_workspaces_script_with_the_arguments()
    {
        _folder.Write("resources/scripts/run_workspace.py", "import sys; print('workspace', sys.argv[1:]); sys.exit(23)");

        var result = await EntrypointProcess.RunAsync(["--", "a b", "--x", "$(id)"], With());

        Assert.True(result.ExitCode == 23, result.ToString());
        Assert.Contains("workspace ['a b', '--x', '$(id)']", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_script_is_66()
    {
        var result = await EntrypointProcess.RunAsync([], With());

        Assert.True(result.ExitCode == 66, result.ToString());
        Assert.Contains(_folder["resources/scripts/run_workspace.py"], result.Output, StringComparison.Ordinal);
        Assert.Contains("EXECUTE_CODE", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_the_workspace_command_in_a_shell()
    {
        _folder.Write("resources/scripts/run_workspace.py", "raise SystemExit('not this')");

        var result = await EntrypointProcess.RunAsync([], With(("WORKSPACE_COMMAND", "X=1; echo \"command $X\" | tr a-z A-Z; exit 9")));

        Assert.True(result.ExitCode == 9, result.ToString());
        Assert.Contains("COMMAND 1\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("printf '<%s>'")]
    [InlineData("printf '<%s>' \"$@\"")]
    public async Task Passes_the_arguments_on_to_the_workspace_command(string command)
    {
        var result = await EntrypointProcess.RunAsync(["--", "a b", "", "$(id)", "*"], With(("WORKSPACE_COMMAND", command)));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("<a b><><$(id)><*>", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_command_that_is_not_there_is_127()
    {
        var result = await EntrypointProcess.RunAsync([], With(("WORKSPACE_COMMAND", "no-such-program-anywhere --x")));

        Assert.True(result.ExitCode == 127, result.ToString());
    }

    [Fact]
    public async Task Is_supervised_like_a_job()
    {
        using var process = EntrypointProcess.Start(
            [], With(("WORKSPACE_COMMAND", "trap 'echo got TERM; exit 4' TERM; echo ready; sleep 1000 & wait")));
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 4, result.ToString());
        Assert.Contains("got TERM", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_a_time_limit_too()
    {
        var result = await EntrypointProcess.RunAsync(["--timeout", "1s"], With(("WORKSPACE_COMMAND", "sleep 1000")));

        Assert.True(result.ExitCode == 124, result.ToString());
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("below", "/below")]
    public async Task Runs_where_the_program_was_started_whatever_the_home_of_jobs_is(string? workDir, string expected)
    {
        Directory.CreateDirectory(_folder["home"]);
        Directory.CreateDirectory(_folder["started/below"]);
        var variables = With(("WORKSPACE_HOME", _folder["home"]), ("WORKSPACE_COMMAND", "echo \"in <$(pwd -P)>\""));
        string[] options = workDir is null ? [] : ["--workdir", workDir];

        var result = await EntrypointProcess.RunAsync(options, variables, _folder["started"]);
        var plan = await EntrypointProcess.RunAsync([.. options, "--dry-run"], variables, _folder["started"]);

        Assert.Contains($"in <{_folder["started"]}{expected}>\n", result.Output, StringComparison.Ordinal);
        Assert.Contains($"\"workingDirectory\": \"{_folder["started"]}{expected}\"", plan.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./tools/python")]
    [InlineData("tools/python")]
    public async Task A_relative_python_is_taken_from_where_the_program_was_started(string python)
    {
        _folder.Write("resources/scripts/run_workspace.py", "");
        File.SetUnixFileMode(_folder.Write("started/tools/python", "#!/bin/sh\necho run by mine\n"), (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(_folder["home/tools"]);

        var result = await EntrypointProcess.RunAsync(
            ["--python", python, "--workdir", _folder["home"]], With(("WORKSPACE_HOME", _folder["home"])), _folder["started"]);

        Assert.Contains("run by mine\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_execute_code_is_none()
    {
        var result = await EntrypointProcess.RunAsync([], With(("EXECUTE_CODE", ""), ("WORKSPACE_COMMAND", "echo the workspace")));

        Assert.Contains("the workspace\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user/name", null, "/user/name")]
    [InlineData("/", null, "")]
    [InlineData("/a b/ü/", null, "/a%20b/%C3%BC")]
    [InlineData("/x/", null, "/x")]
    [InlineData("/ignored", "/user/jane/", "/user/jane")]
    [InlineData("", "/user/jane", "/user/jane")]
    public async Task Gets_its_base_url(string baseUrl, string? jupyterHub, string expected)
    {
        var variables = With(("WORKSPACE_BASE_URL", baseUrl), ("WORKSPACE_COMMAND", "echo \"url <$WORKSPACE_BASE_URL>\""));
        variables["JUPYTERHUB_SERVICE_PREFIX"] = jupyterHub;

        var result = await EntrypointProcess.RunAsync([], variables);

        // Of "/" a leading slash may stay: there is nothing to tell the two slashes apart.
        Assert.Contains(expected.Length == 0 ? "url <" : $"url <{expected}>", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Gets_the_number_of_threads_where_it_is_not_set_and_so_does_a_job(bool workspace)
    {
        string[] names =
        [
            "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS",
            "NUMEXPR_MAX_THREADS", "NUMBA_NUM_THREADS", "SPARK_WORKER_CORES", "BLIS_NUM_THREADS", "TBB_NUM_THREADS",
        ];
        var variables = With(("MAX_NUM_THREADS", "3"), ("MKL_NUM_THREADS", "7"), ("WORKSPACE_COMMAND", "env"));
        var job = _folder.Job(
            """
            import os
            for entry in os.environ.items(): print('='.join(entry))
            """);

        var result = await EntrypointProcess.RunAsync(workspace ? [] : [job], variables);

        Assert.All(names, name => Assert.Contains($"\n{name}={(name == "MKL_NUM_THREADS" ? 7 : 3)}\n", result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Counts_the_cpus_that_it_may_use()
    {
        var variables = With(("MAX_NUM_THREADS", "auto"), ("WORKSPACE_COMMAND", "echo threads $OMP_NUM_THREADS"));

        var all = await EntrypointProcess.RunAsync([], variables);
        var one = await EntrypointProcess.RunAsync([], variables, wrapper: ["taskset", "--cpu-list", "0"]);

        Assert.Matches(@"threads ([1-9]|[12]\d|3[0-2])\n", all.Output);
        Assert.Contains("threads 1\n", one.Output, StringComparison.Ordinal);
    }
}

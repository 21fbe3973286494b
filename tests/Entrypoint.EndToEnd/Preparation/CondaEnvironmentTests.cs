using System.Text.Json;

namespace Entrypoint.EndToEnd.Preparation;

/// <summary><c>environment.yml</c>, with a stand-in for conda.</summary>
public sealed class CondaEnvironmentTests : IDisposable
{
    private const string PrintsPrefix =
        """
        import os, sys
        print('prefix', sys.prefix, os.environ.get('CONDA_PREFIX') == sys.prefix)

        """;
    private const string Environment = "dependencies:\n  - python=3.11\n";

    private readonly Workbench _bench = new();

    public CondaEnvironmentTests() => CondaStandIn.Install(_bench, "conda/bin/conda");

    public void Dispose() => _bench.Dispose();

    private string Environments => _bench["conda/envs"];

    private Task<RunResult> RunAsync(params string[] options) => EntrypointProcess.RunAsync([_bench.Job, .. options], _bench.Environment, _bench.Folder.Path);

    private string[] Prefixes() => Directory.Exists(Environments) ? Directory.GetDirectories(Environments) : [];

    private static bool IsComplete(string prefix) => File.Exists(Path.Combine(prefix, ".entrypoint-complete"));

    private static void AssertRan(RunResult result, string text)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("environment.yml")]
    [InlineData("environment.yaml")]
    public async Task Is_built_once_and_runs_the_job(string name)
    {
        _bench.With(PrintsPrefix, (name, Environment));

        AssertRan(await RunAsync(), $"prefix {Environments}/entrypoint-");
        var left = _bench.Folder.Write($"conda/envs/.{Path.GetFileName(Prefixes().Single())}.lock", "left by a start that was killed\n");
        var second = await RunAsync();

        AssertRan(second, $"prefix {Prefixes().Single()} True");
        Assert.Contains($"Nothing has changed since {name} was applied", second.Output, StringComparison.Ordinal);
        Assert.Single(CondaStandIn.Calls(_bench));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task Is_named_after_the_content_of_all_dependency_files()
    {
        _bench.With(PrintsPrefix, ("environment.yml", Environment), ("setup.sh", "true\n"), ("requirements.txt", "-r base.txt\n"), ("base.txt", "# one\n"));
        await RunAsync();
        _bench.Folder.Write("job/base.txt", "# two\n");
        await RunAsync();
        _bench.Folder.Write("job/setup.sh", "true #\n");
        await RunAsync();
        _bench.Folder.Write("job/environment.yml", Environment + "\n");
        await RunAsync();
        _bench.Folder.Write("job/other.txt", "no dependency file\n");
        await RunAsync();

        Assert.Equal(4, Prefixes().Length);
        Assert.Equal(4, CondaStandIn.Calls(_bench).Length);
    }

    [Fact]
    public async Task Is_activated_for_setup_pip_and_job_with_its_variables_and_scripts()
    {
        _bench.WithWheel("alpha").With(
            """
            import alpha, json, os
            names = ["CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "FROM_PACKAGE", "OVERRIDDEN", "FROM_FILE", "FROM_SCRIPT", "TO_BE_UNSET", "KEPT", "PWD"]
            print("variables", json.dumps({name: os.environ.get(name) for name in names}))
            print("path", os.environ["PATH"].split(":")[0], "parent", os.getppid())
            """,
            ("environment.yml", "# stand-in: activate\ndependencies:\n  - python\nvariables:\n  FROM_FILE: file\n  OVERRIDDEN: file\n"),
            ("setup.sh", "echo \"setup $FROM_FILE $(command -v python) $PWD\"\n"),
            ("requirements.txt", "alpha\n"));
        _bench.Environment["TO_BE_UNSET"] = "still here";
        _bench.Environment["KEPT"] = "kept\nin two lines";
        _bench.Environment["PWD"] = _bench.Folder.Path;

        using var process = EntrypointProcess.Start([_bench.Job], _bench.Environment, _bench.Folder.Path);
        var result = await process.WaitAsync();

        var prefix = Prefixes().Single();
        AssertRan(result, $"setup file {prefix}/bin/python {_bench.Job}\n");
        Assert.Contains($"path {prefix}/bin parent {process.Id}\n", result.Output, StringComparison.Ordinal);
        Assert.Contains($"{prefix}/bin/python -m pip install", result.Output, StringComparison.Ordinal);
        using var variables = JsonDocument.Parse(result.Output.Split("variables ")[1].Split('\n')[0]);
        string? Value(string name) => variables.RootElement.GetProperty(name).GetString();
        Assert.Equal(prefix, Value("CONDA_PREFIX"));
        Assert.Equal(Path.GetFileName(prefix), Value("CONDA_DEFAULT_ENV"));
        Assert.Equal("1", Value("CONDA_SHLVL"));
        Assert.Equal("package", Value("FROM_PACKAGE"));
        Assert.Equal("file", Value("OVERRIDDEN"));
        Assert.Equal("file", Value("FROM_FILE"));
        Assert.Equal($"a b of {prefix}, then\nb", Value("FROM_SCRIPT"));
        Assert.Null(Value("TO_BE_UNSET"));
        Assert.Equal("kept\nin two lines", Value("KEPT"));
        Assert.Equal(_bench.Folder.Path, Value("PWD"));
    }

    [Fact]
    public async Task Fails_with_78_and_leaves_nothing_half_built()
    {
        _bench.With(PrintsPrefix, ("environment.yml", "# stand-in: fail\n# stand-in: stubborn-child\n"), ("setup.sh", "echo was run\n"));

        var result = await RunAsync();

        Assert.True(result.ExitCode == 78, result.ToString());
        var last = result.Output.TrimEnd().Split('\n')[^1];
        Assert.Contains("environment.yml", last, StringComparison.Ordinal);
        Assert.Contains("conda env create", last, StringComparison.Ordinal);
        Assert.Contains("exit code 1", last, StringComparison.Ordinal);
        Assert.Contains("conda finds no set of packages", last, StringComparison.Ordinal);
        Assert.DoesNotContain("was run", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Environments));
    }

    [Fact]
    public async Task Says_that_conda_was_killed_for_memory()
    {
        _bench.With(PrintsPrefix, ("environment.yml", "# stand-in: killed\n"));

        var result = await RunAsync();

        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Contains("memory", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Empty(Prefixes());
    }

    [Fact]
    public async Task Goes_on_with_the_python_that_is_there_with_keep_going()
    {
        _bench.With(
            """
            import os
            print('conda', os.environ.get('CONDA_PREFIX'))
            """, ("environment.yml", "# stand-in: fail\n"));

        AssertRan(await RunAsync("--keep-going"), "conda None");
    }

    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    public async Task Is_removed_when_stopped_and_does_not_reappear(int signal)
    {
        _bench.With(PrintsPrefix, ("environment.yml", "# stand-in: stubborn-child\n# stand-in: hang\n"));
        using var process = EntrypointProcess.Start([_bench.Job, "--grace-period=1s"], _bench.Environment);
        await process.WaitForAsync("hanging");

        process.Signal(signal);
        var result = await process.WaitAsync();

        Assert.Equal(128 + signal, result.ExitCode);
        Assert.Empty(Prefixes());
        Assert.Empty(ProcessState.WithEnvironment($"CALLS={_bench["calls"]}"));
    }

    [Fact]
    public async Task Is_taken_over_from_a_start_that_was_killed_with_its_processes_ended_first()
    {
        _bench.With(PrintsPrefix, ("environment.yml", "# stand-in: stubborn-child\n# stand-in: hang\n"));
        using (var process = EntrypointProcess.Start([_bench.Job], _bench.Environment))
        {
            await process.WaitForAsync("hanging");
            process.Signal(SIGKILL);
            await process.WaitAsync();
        }

        Assert.NotEmpty(ProcessState.WithEnvironment($"CALLS={_bench["calls"]}"));
        var file = File.ReadAllText(_bench["conda/bin/conda"]);
        File.WriteAllText(_bench["conda/bin/conda"], file.Replace("told() {", "told() { return 1; ", StringComparison.Ordinal));

        AssertRan(await RunAsync(), $"prefix {Prefixes().Single()} True");
        Assert.Empty(ProcessState.WithEnvironment($"CALLS={_bench["calls"]}"));
        Assert.False(Directory.Exists(Path.Combine(Prefixes().Single(), "pkgs")));
    }

    [Fact]
    public async Task Is_right_after_kills_at_any_moment()
    {
        _bench.With(PrintsPrefix, ("environment.yml", "# stand-in: slow\n# stand-in: stubborn-child\n"));
        var file = File.ReadAllText(_bench["conda/bin/conda"]);
        File.WriteAllText(_bench["conda/bin/conda"], file.Replace("rm \"$prefix/conda-meta/half-built\"", "rm \"$prefix/conda-meta/half-built\"; kill -9 $!", StringComparison.Ordinal));
        var random = new Random(5);
        for (var round = 0; round < 12; round++)
        {
            // One that was completed just before is no use for another round.
            if (Prefixes().All(IsComplete))
            {
                _bench.Folder.Write("job/setup.sh", $"# {round}\n");
            }

            using var process = EntrypointProcess.Start([_bench.Job, "--grace-period=100ms"], _bench.Environment);
            await Task.WhenAny(process.WaitAsync(), Task.Delay(random.Next(10, 500)));
            process.Signal(random.Next(2) == 0 ? SIGKILL : SIGTERM);
            await process.WaitAsync();
        }

        AssertRan(await RunAsync(), $"prefix {Environments}/entrypoint-");
        Assert.All(Prefixes(), prefix => Assert.True(File.Exists(Path.Combine(prefix, "part10")) && IsComplete(prefix)));
        Assert.Empty(ProcessState.WithEnvironment($"CALLS={_bench["calls"]}"));
    }

    [Fact]
    public async Task Is_built_once_for_starts_at_the_same_time()
    {
        _bench.With(PrintsPrefix, ("environment.yml", "# stand-in: slow\n"));

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RunAsync()));

        Assert.All(results, result => AssertRan(result, $"prefix {Prefixes().Single()} True"));
        Assert.Single(CondaStandIn.Calls(_bench));
        Assert.Contains(results, result => result.Output.Contains("Waiting for another start that is preparing this environment, pid ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_made_by_mamba_then_micromamba_then_conda()
    {
        _bench.With(PrintsPrefix, ("environment.yml", Environment));
        _bench.Environment["PATH"] = $"{_bench["path"]}:{Interpreter.SearchPath}";
        CondaStandIn.Install(_bench, "path/conda");
        await RunAsync();
        CondaStandIn.Install(_bench, "elsewhere/micromamba");
        _bench.Environment["CONDA_EXE"] = _bench["elsewhere/micromamba"];
        await RunAsync("--refresh");
        CondaStandIn.Install(_bench, "conda/condabin/mamba");
        await RunAsync("--refresh");

        Assert.Equal(
            [_bench["path/conda"], _bench["elsewhere/micromamba"], _bench["conda/condabin/mamba"]],
            CondaStandIn.Calls(_bench).Select(call => call.Split(' ')[0]));
    }

    [Fact]
    public async Task Needs_one_of_the_three_programs()
    {
        File.Delete(_bench["conda/bin/conda"]);
        _bench.With(PrintsPrefix, ("environment.yml", Environment));

        var result = await RunAsync();

        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Contains("none of mamba, micromamba and conda is on the PATH", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_used_by_code_only_and_a_warning_says_when_there_is_none()
    {
        _bench.With(
            """
            import os
            print('conda', os.environ.get('CONDA_PREFIX'))
            """, ("environment.yml", Environment), ("setup.sh", "echo setup was run\n"));

        var before = await RunAsync("--code-only");
        var preparation = await RunAsync("--requirements-only");
        var after = await RunAsync("--code-only");

        AssertRan(before, "conda None");
        Assert.Contains("[WARNING] The conda environment of", before.Output, StringComparison.Ordinal);
        Assert.Contains("--requirements-only", before.Output, StringComparison.Ordinal);
        AssertRan(preparation, "setup was run");
        AssertRan(after, $"conda {Prefixes().Single()}");
        Assert.DoesNotContain("setup was run", after.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", after.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_waited_for_by_code_only_while_another_start_makes_it()
    {
        _bench.With(
            """
            import os
            print('conda', os.environ.get('CONDA_PREFIX'))
            """, ("environment.yml", "# stand-in: slow\n"));
        using var preparation = EntrypointProcess.Start([_bench.Job, "--requirements-only"], _bench.Environment);
        await preparation.WaitForAsync("Collecting package metadata");

        var result = await RunAsync("--code-only");

        AssertRan(result, $"conda {Prefixes().Single()}");
        Assert.Equal(0, (await preparation.WaitAsync()).ExitCode);
    }

    [Fact]
    public async Task Goes_to_the_state_folder_where_conda_cannot_be_written()
    {
        _bench.With(PrintsPrefix, ("environment.yml", Environment));
        Directory.CreateDirectory(_bench["state"]);
        File.SetUnixFileMode(_bench["state"], (UnixFileMode)0b111_111_111);
        _bench.Environment["HOME"] = _bench["state"];

        for (var time = 0; time < 2; time++)
        {
            AssertRan(await EntrypointProcess.RunAsync([_bench.Job], _bench.Environment, "/", Workbench.Nobody), $"prefix {_bench["state/envs/entrypoint-"]}");
        }

        Assert.Single(CondaStandIn.Calls(_bench));
    }

    [Fact]
    public async Task Is_used_by_others_who_cannot_write_to_it()
    {
        _bench.WithWheel("alpha").With("import alpha\n" + PrintsPrefix, ("environment.yml", Environment), ("requirements.txt", "alpha\n"));
        await RunAsync("--requirements-only");

        foreach (var option in new[] { "--code-only", "--log-level=info" })
        {
            var result = await EntrypointProcess.RunAsync([_bench.Job, option], _bench.Environment, "/", Workbench.Nobody);
            AssertRan(result, $"prefix {Prefixes().Single()} True");
            Assert.DoesNotContain("WARNING", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Replaces_the_activated_environment_it_was_started_in()
    {
        _bench.With(
            """
            import os
            print(os.environ['CONDA_SHLVL'], os.environ['CONDA_PREFIX_1'], '/base/bin' in os.environ['PATH'].split(':'))
            """, ("environment.yml", Environment));
        _bench.Environment["CONDA_PREFIX"] = "/base";
        _bench.Environment["CONDA_SHLVL"] = "1";
        _bench.Environment["PATH"] = $"/base/bin:{Interpreter.SearchPath}";

        AssertRan(await RunAsync(), "2 /base False");
    }
}

using System.Text.Json;

namespace Entrypoint.EndToEnd.Preparation;

/// <summary><c>environment.yml</c>, with a stand-in for conda.</summary>
public sealed class CondaEnvironmentTests : CondaTest
{
    [Theory]
    [InlineData("environment.yml")]
    [InlineData("environment.yaml")]
    public async Task Is_built_once_and_runs_the_job(string name)
    {
        Bench.With(PrintsPrefix, (name, Environment));

        AssertRan(await RunAsync(), $"prefix {Environments}/entrypoint-");
        var left = Bench.Folder.Write($"conda/envs/.{Path.GetFileName(Prefixes().Single())}.lock", "left by a start that was killed\n");
        var second = await RunAsync();

        AssertRan(second, $"prefix {Prefixes().Single()} True");
        Assert.Contains($"Nothing has changed since {name} was applied", second.Output, StringComparison.Ordinal);
        Assert.Single(CondaStandIn.Calls(Bench));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task Is_named_after_the_content_of_all_dependency_files()
    {
        Bench.With(PrintsPrefix, ("environment.yml", Environment), ("setup.sh", "true\n"), ("requirements.txt", "-r base.txt\n"), ("base.txt", "# one\n"));
        await RunAsync();
        Bench.Folder.Write("job/base.txt", "# two\n");
        await RunAsync();
        Bench.Folder.Write("job/setup.sh", "true #\n");
        await RunAsync();
        Bench.Folder.Write("job/environment.yml", Environment + "\n");
        await RunAsync();
        Bench.Folder.Write("job/other.txt", "no dependency file\n");
        await RunAsync();

        Assert.Equal(4, Prefixes().Length);
        Assert.Equal(4, CondaStandIn.Calls(Bench).Length);
    }

    [Fact]
    public async Task Is_activated_for_setup_pip_and_job_with_its_variables_and_scripts()
    {
        Bench.WithWheel("alpha").With(
            """
            import alpha, json, os
            names = ["CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "FROM_PACKAGE", "OVERRIDDEN", "FROM_FILE", "FROM_SCRIPT", "TO_BE_UNSET", "KEPT", "PWD"]
            print("variables", json.dumps({name: os.environ.get(name) for name in names}))
            print("path", os.environ["PATH"].split(":")[0], "parent", os.getppid())
            """,
            ("environment.yml", "# stand-in: activate\ndependencies:\n  - python\nvariables:\n  FROM_FILE: file\n  OVERRIDDEN: file\n"),
            ("setup.sh", "echo \"setup $FROM_FILE $(command -v python) $PWD\"\n"),
            ("requirements.txt", "alpha\n"));
        Bench.Environment["TO_BE_UNSET"] = "still here";
        Bench.Environment["KEPT"] = "kept\nin two lines";
        Bench.Environment["PWD"] = Bench.Folder.Path;

        using var process = EntrypointProcess.Start([Bench.Job], Bench.Environment, Bench.Folder.Path);
        var result = await process.WaitAsync();

        var prefix = Prefixes().Single();
        AssertRan(result, $"setup file {prefix}/bin/python {Bench.Job}\n");
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
        Assert.Equal(Bench.Folder.Path, Value("PWD"));
    }

    [Fact]
    public async Task Fails_with_78_and_leaves_nothing_half_built()
    {
        Bench.With(PrintsPrefix, ("environment.yml", "# stand-in: fail\n# stand-in: stubborn-child\n"), ("setup.sh", "echo was run\n"));

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
        Bench.With(PrintsPrefix, ("environment.yml", "# stand-in: killed\n"));

        var result = await RunAsync();

        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Contains("memory", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Empty(Prefixes());
    }

    [Fact]
    public async Task Goes_on_with_the_python_that_is_there_with_keep_going()
    {
        Bench.With(
            """
            import os
            print('conda', os.environ.get('CONDA_PREFIX'))
            """, ("environment.yml", "# stand-in: fail\n"));

        AssertRan(await RunAsync("--keep-going"), "conda None");
    }

    [Fact]
    public async Task Is_made_by_mamba_then_micromamba_then_conda()
    {
        Bench.With(PrintsPrefix, ("environment.yml", Environment));
        Bench.Environment["PATH"] = $"{Bench["path"]}:{Interpreter.SearchPath}";
        CondaStandIn.Install(Bench, "path/conda");
        await RunAsync();
        CondaStandIn.Install(Bench, "elsewhere/micromamba");
        Bench.Environment["CONDA_EXE"] = Bench["elsewhere/micromamba"];
        await RunAsync("--refresh");
        CondaStandIn.Install(Bench, "conda/condabin/mamba");
        await RunAsync("--refresh");

        Assert.Equal(
            [Bench["path/conda"], Bench["elsewhere/micromamba"], Bench["conda/condabin/mamba"]],
            CondaStandIn.Calls(Bench).Select(call => call.Split(' ')[0]));
    }

    [Fact]
    public async Task Needs_one_of_the_three_programs()
    {
        File.Delete(Bench["conda/bin/conda"]);
        Bench.With(PrintsPrefix, ("environment.yml", Environment));

        var result = await RunAsync();

        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Contains("none of mamba, micromamba and conda is on the PATH", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_used_by_code_only_and_a_warning_says_when_there_is_none()
    {
        Bench.With(
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
    public async Task Replaces_the_activated_environment_it_was_started_in()
    {
        Bench.With(
            """
            import os
            print(os.environ['CONDA_SHLVL'], os.environ['CONDA_PREFIX_1'], '/base/bin' in os.environ['PATH'].split(':'))
            """, ("environment.yml", Environment));
        Bench.Environment["CONDA_PREFIX"] = "/base";
        Bench.Environment["CONDA_SHLVL"] = "1";
        Bench.Environment["PATH"] = $"/base/bin:{Interpreter.SearchPath}";

        AssertRan(await RunAsync(), "2 /base False");
    }
}

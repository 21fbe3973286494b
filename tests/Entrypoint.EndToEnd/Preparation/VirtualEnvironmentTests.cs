namespace Entrypoint.EndToEnd.Preparation;

/// <summary>Where packages cannot be installed for the Python itself.</summary>
public sealed class VirtualEnvironmentTests : IDisposable
{
    private const string SystemPython = Workbench.SystemPython;

    private const string PrintsAlpha =
        """
        import alpha, sys
        print('alpha', alpha.version, sys.prefix)

        """;

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    private Task<RunResult> RunAsNobodyAsync(string python, params string[] options) =>
        EntrypointProcess.RunAsync([_bench.Job, "--python", python, .. options], _bench.Environment, "/", Workbench.Nobody);

    private static void AssertRan(RunResult result, string text)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }

    private static void Open(string folder) => File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);

    [Fact]
    public async Task Is_made_for_an_externally_managed_python_and_sees_its_packages()
    {
        _bench.WithWheel("alpha").With(
            $"""
            import pip
            {PrintsAlpha}print(pip.__file__)
            """, ("requirements.txt", "alpha\n"));

        var result = await _bench.RunWithAsync(SystemPython);

        AssertRan(result, $"alpha 1.0 {_bench["state/venvs/"]}");
        Assert.Contains("/usr/lib/python3/dist-packages/pip", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_activated_for_the_job()
    {
        _bench.WithWheel("alpha").With(
            """
            import os, shutil, sys
            print(os.environ['VIRTUAL_ENV'] == sys.prefix, shutil.which('python') == sys.executable)
            """, ("requirements.txt", "alpha\n"));

        AssertRan(await _bench.RunWithAsync(SystemPython), "True True");
    }

    [Fact]
    public async Task Is_found_again_by_content_by_whoever_runs_the_code_elsewhere()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        AssertRan(await _bench.RunWithAsync(SystemPython, "--requirements-only"), "Finished installing requirements");
        Directory.Move(_bench.Job, _bench["moved"]);

        foreach (var option in new[] { "--code-only", "--log-level=info" })
        {
            var result = await EntrypointProcess.RunAsync(
                [_bench["moved"], "--python", SystemPython, option], _bench.Environment, "/", Workbench.Nobody);

            AssertRan(result, $"alpha 1.0 {_bench["state/venvs/"]}");
            Assert.DoesNotContain("-m pip install", result.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("WARNING", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Is_not_made_twice()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        await _bench.RunWithAsync(SystemPython);

        var result = await _bench.RunWithAsync(SystemPython);

        AssertRan(result, "alpha 1.0");
        Assert.DoesNotContain("-m venv", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_removed_when_its_packages_cannot_be_installed()
    {
        _bench.With("print('job')", ("requirements.txt", "nosuchpackage\n"));

        var result = await _bench.RunWithAsync(SystemPython);

        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Empty(Directory.GetFileSystemEntries(_bench["state/venvs"]));
    }

    [Fact]
    public async Task Is_made_where_site_packages_cannot_be_written_and_sees_the_packages_of_the_virtual_environment_below()
    {
        _bench.WithWheel("alpha").WithWheel("beta").With("import beta\n" + PrintsAlpha, ("requirements.txt", "alpha\n"));
        Workbench.Run(_bench.Python, "-m", "pip", "install", "--no-index", "--find-links", _bench["wheels"], "beta");
        Directory.CreateDirectory(_bench["state"]);
        Open(_bench["state"]);
        Open(_bench["tmp"]);
        _bench.Environment["HOME"] = null;

        AssertRan(await RunAsNobodyAsync(_bench.Python), $"alpha 1.0 {_bench["state/venvs/"]}");
        var second = await RunAsNobodyAsync(_bench.Python);

        AssertRan(second, $"alpha 1.0 {_bench["state/venvs/"]}");
        Assert.DoesNotContain("-m pip install", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_to_a_temporary_folder_with_a_warning_where_the_state_folder_cannot_be_written()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        Open(_bench["tmp"]);
        _bench.Environment["HOME"] = null;
        _bench.Environment["ENTRYPOINT_STATE"] = null;

        var result = await RunAsNobodyAsync(_bench.Python);

        AssertRan(result, $"alpha 1.0 {_bench["tmp/"]}");
        Assert.Contains("[WARNING] What this run prepares is kept only until it ends", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_bench["tmp"]));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_bench.Job), entry => entry.Contains('~', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leaves_the_environment_of_a_user_without_home_as_it_is()
    {
        _bench.WithWheel("alpha").With(
            """
            import alpha, os
            print('home', os.environ.get('HOME'))
            """, ("requirements.txt", "alpha\n"));
        Directory.CreateDirectory(_bench["state"]);
        Open(_bench["state"]);
        Open(_bench["tmp"]);
        _bench.Environment["HOME"] = null;

        AssertRan(await RunAsNobodyAsync(_bench.Python), "home None");
        AssertRan(await RunAsNobodyAsync(_bench.Python), "home None");
    }

    [Fact]
    public async Task Replaces_a_half_made_one()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        await _bench.RunWithAsync(SystemPython);
        var path = Directory.GetDirectories(_bench["state/venvs"]).Single();
        File.Delete(Path.Combine(path, ".entrypoint-complete"));
        File.Delete(Path.Combine(path, "pyvenv.cfg"));

        AssertRan(await _bench.RunWithAsync(SystemPython), $"alpha 1.0 {path}");
    }

    [Fact]
    public async Task Shows_in_the_plan_without_being_made()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));

        var plan = await _bench.RunWithAsync(SystemPython, "--dry-run");

        Assert.True(plan.ExitCode == 0, plan.ToString());
        Assert.Contains($"\"{_bench["state/venvs/"]}", plan.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_bench["state"]));
        var result = await _bench.RunWithAsync(SystemPython);
        Assert.Contains($"\"{result.Output.Split("alpha 1.0 ")[1].Split('\n')[0]}/bin/python\"", plan.Output, StringComparison.Ordinal);
    }
}

namespace Entrypoint.EndToEnd.Preparation;

/// <summary>Requirements that are installed already are skipped, and only these.</summary>
public sealed class UnchangedRequirementsTests : IDisposable
{
    private const string PrintsAlpha =
        """
        import alpha, sys
        print('alpha', alpha.version, sys.executable)

        """;

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    private static void AssertRan(RunResult result, string text)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }

    private static void AssertInstalled(RunResult result, bool installed) =>
        Assert.True(result.Output.Contains("-m pip install", StringComparison.Ordinal) == installed, result.ToString());

    [Fact]
    public async Task Skips_what_has_not_changed_and_says_so()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        await _bench.RunAsync();

        var result = await _bench.RunAsync();

        AssertRan(result, "alpha 1.0");
        AssertInstalled(result, false);
        Assert.Contains("Nothing has changed since requirements.txt was applied", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skips_for_the_same_content_at_another_path()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        await _bench.RunAsync();
        Directory.Move(_bench.Job, _bench["elsewhere"]);

        var result = await EntrypointProcess.RunAsync([_bench["elsewhere"], "--python", _bench.Python], _bench.Environment);

        AssertRan(result, "alpha 1.0");
        AssertInstalled(result, false);
    }

    [Fact]
    public async Task Installs_again_when_a_nested_file_changes()
    {
        _bench.WithWheel("alpha").WithWheel("alpha", "2.0")
            .With(PrintsAlpha, ("requirements.txt", "-r more/base.txt\n"), ("more/base.txt", "-c pins.txt\nalpha\n"), ("more/pins.txt", "alpha==1.0\n"));
        AssertRan(await _bench.RunAsync(), "alpha 1.0");
        _bench.Folder.Write("job/more/pins.txt", "alpha==2.0\n");

        AssertRan(await _bench.RunAsync(), "alpha 2.0");
    }

    [Fact]
    public async Task Installs_again_when_somebody_has_changed_the_packages()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        await _bench.RunAsync();
        Workbench.Run(_bench.Python, "-m", "pip", "uninstall", "--yes", "alpha");

        AssertRan(await _bench.RunAsync(), "alpha 1.0");
    }

    [Fact]
    public async Task Installs_again_for_another_interpreter()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        await _bench.RunAsync();
        var other = _bench.MakePython("other");

        var result = await _bench.RunWithAsync(other);

        AssertRan(result, $"alpha 1.0 {other}");
        AssertInstalled(result, true);
    }

    [Fact]
    public async Task Installs_again_with_refresh()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        await _bench.RunAsync();

        AssertInstalled(await _bench.RunAsync("--refresh"), true);
        AssertInstalled(await _bench.RunAsync(), false);
    }

    [Fact]
    public async Task Survives_times_that_were_cut_to_seconds()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        await _bench.RunAsync();

        // What docker commit and tar do to the folder.
        var archive = _bench["layer.tar"];
        Workbench.Run("tar", "--format=ustar", "-C", _bench.Folder.Path, "-cf", archive, "python", "state");
        Directory.Delete(_bench["python"], recursive: true);
        Directory.Delete(_bench["state"], recursive: true);
        Workbench.Run("tar", "-C", _bench.Folder.Path, "-xf", archive);

        var result = await _bench.RunAsync();

        AssertRan(result, "alpha 1.0");
        AssertInstalled(result, false);
    }

    [Fact]
    public async Task Never_takes_a_failure_for_a_success_later()
    {
        _bench.With("print('job')", ("requirements.txt", "nosuchpackage\n"));

        Assert.Equal(78, (await _bench.RunAsync()).ExitCode);
        Assert.Equal(78, (await _bench.RunAsync()).ExitCode);
        Assert.Equal(0, (await _bench.RunAsync("--keep-going")).ExitCode);
        Assert.Equal(78, (await _bench.RunAsync()).ExitCode);
    }
}

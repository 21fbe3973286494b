namespace Entrypoint.EndToEnd.Preparation;

/// <summary><c>requirements.txt</c>, with the real pip and local wheels.</summary>
public sealed class PipRequirementsTests : IDisposable
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
    public async Task Installs_with_the_interpreter_that_runs_the_job()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));

        var result = await _bench.RunAsync();

        AssertRan(result, $"alpha 1.0 {_bench.Python}");
        Assert.Contains($"[INFO] Installing requirements from {_bench.Job}/requirements.txt", result.Output, StringComparison.Ordinal);
        Assert.Contains($"[INFO] Executing: {_bench.Python} -m pip install --no-cache-dir -r requirements.txt", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_78_and_a_last_line_that_names_step_command_exit_code_and_reason()
    {
        _bench.With("print('job')", ("requirements.txt", "nosuchpackage\n"));

        var result = await _bench.RunAsync();

        Assert.True(result.ExitCode == 78, result.ToString());
        var last = result.Output.TrimEnd().Split('\n')[^1];
        Assert.Contains("requirements.txt", last, StringComparison.Ordinal);
        Assert.Contains($"{_bench.Python} -m pip install --no-cache-dir -r requirements.txt ended with exit code 1", last, StringComparison.Ordinal);
        Assert.Contains("No matching distribution found for nosuchpackage", last, StringComparison.Ordinal);
        Assert.Contains("no such package", last, StringComparison.Ordinal);
        Assert.Contains("No matching distribution found", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\njob\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_on_after_a_failure_with_keep_going()
    {
        _bench.With("print('job')", ("setup.sh", "exit 3\n"), ("requirements.txt", "nosuchpackage\n"));

        var result = await _bench.RunAsync("--keep-going");

        AssertRan(result, "\njob\n");
        Assert.Contains("[WARNING] setup.sh could not be applied: /bin/bash setup.sh ended with exit code 3", result.Output, StringComparison.Ordinal);
        Assert.Contains("[WARNING] requirements.txt could not be applied", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_local_packages_from_the_code_folder_and_notices_when_they_change()
    {
        _bench.With(PrintsAlpha, ("requirements.txt", "./packages/alpha-1.0-py3-none-any.whl\n"));
        Wheel.Write(_bench["job/packages"], "alpha");
        AssertRan(await _bench.RunAsync(), "alpha 1.0");
        AssertInstalled(await _bench.RunAsync(), false);

        File.Delete(_bench["job/packages/alpha-1.0-py3-none-any.whl"]);
        Wheel.Write(_bench["job/packages"], "alpha", requires: "pip");

        AssertInstalled(await _bench.RunAsync(), true);
    }

    [Fact]
    public async Task Installs_what_setup_has_written()
    {
        _bench.WithWheel("alpha").WithWheel("beta").With(
            """
            import alpha, beta
            print('both')
            """, ("setup.sh", "echo beta >base.txt; printf 'alpha\\n-r base.txt\\n' >requirements.txt\n"));

        AssertRan(await _bench.RunAsync(), "both");
        AssertInstalled(await _bench.RunAsync(), true);
        AssertInstalled(await _bench.RunAsync(), false);
    }

    [Fact]
    public async Task Runs_setup_every_time_in_the_code_folder()
    {
        _bench.With("print('job')", ("setup.sh", "echo \"setup in $PWD\"\ncat\n"));

        AssertRan(await _bench.RunAsync(), $"setup in {_bench.Job}\n");
        AssertRan(await _bench.RunAsync(), $"setup in {_bench.Job}\n");
    }

    [Fact]
    public async Task Prepares_one_after_the_other_what_setup_must_not_do_twice_at_once()
    {
        _bench.With("print('job')", ("setup.sh", "mkdir busy || exit 1\nsleep 0.1\nrmdir busy\n"));

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _bench.RunAsync()));

        Assert.All(results, result => AssertRan(result, "job"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_right_after_kills_at_any_moment(bool isManaged)
    {
        _bench.WithWheel("alpha").WithWheel("beta", requires: "alpha").With(
            """
            import alpha, beta
            print('both')
            """, ("requirements.txt", "beta\n"));
        var python = isManaged ? Workbench.SystemPython : _bench.Python;
        var random = new Random(7);
        for (var round = 0; round < 8; round++)
        {
            using var process = EntrypointProcess.Start([_bench.Job, "--python", python, "--refresh"], _bench.Environment);
            await Task.WhenAny(process.WaitAsync(), Task.Delay(random.Next(10, 900)));
            process.Signal(random.Next(2) == 0 ? SIGKILL : SIGTERM);
            await process.WaitAsync();
        }

        AssertRan(await _bench.RunWithAsync(python), "both");
        var last = await _bench.RunWithAsync(python);
        AssertRan(last, "both");
        AssertInstalled(last, false);
    }

    [Fact]
    public async Task Prepares_once_for_starts_at_the_same_time()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"));
        _ = _bench.Python;

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _bench.RunAsync()));

        Assert.All(results, result => AssertRan(result, "alpha 1.0"));
        Assert.Single(results, result => result.Output.Contains("-m pip install", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_who_is_preparing_while_it_waits_and_can_be_interrupted()
    {
        _bench.With("print('job')", ("setup.sh", "echo preparing; sleep 1000\n"));
        using var first = EntrypointProcess.Start([_bench.Job], _bench.Environment);
        await first.WaitForAsync("preparing");

        using var second = EntrypointProcess.Start([_bench.Job], _bench.Environment);
        await second.WaitForLogAsync($"Waiting for another start that is preparing this environment, pid {first.Id} since 2");
        second.Signal(SIGTERM);

        Assert.Equal(128 + SIGTERM, (await second.WaitAsync()).ExitCode);
        first.Signal(SIGTERM);
        Assert.Equal(128 + SIGTERM, (await first.WaitAsync()).ExitCode);
    }

    [Fact]
    public async Task Waits_for_others_where_the_state_folder_cannot_be_written_and_changes_nothing_that_it_locks()
    {
        _bench.WithWheel("alpha").With(PrintsAlpha, ("requirements.txt", "alpha\n"), ("setup.sh", "mkdir busy || exit 1\nsleep 0.1\nrmdir busy\n"));
        _bench.Environment["ENTRYPOINT_STATE"] = "/proc/no-state";
        var script = _bench.Folder.Write("shim/python", $"#!/bin/sh\nexec {_bench.Python} \"$@\"\n");
        File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        var before = File.ReadAllText(script);

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _bench.RunWithAsync(script)));

        Assert.All(results, result => AssertRan(result, "alpha 1.0"));
        Assert.Equal(before, File.ReadAllText(script));
    }

    [Fact]
    public async Task Says_that_the_disk_is_full()
    {
        _bench.WithWheel("alpha").With("print('job')", ("requirements.txt", "alpha\n"));
        var python = _bench.Python;
        string[] wrapper =
        [
            "unshare", "--mount", "sh", "-c",
            """
            packages=$0; mount -t tmpfs -o size=64k,nr_inodes=0 none "$packages" && head -c 1000000 /dev/zero >"$packages/filler" 2>/dev/null
            exec "$@"
            """,
            Directory.GetDirectories(_bench["python/lib"], "python3*").Single() + "/site-packages",
        ];

        var result = await EntrypointProcess.RunAsync([_bench.Job, "--python", python], _bench.Environment, wrapper: wrapper);

        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Contains("The disk is full", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }
}

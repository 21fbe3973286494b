namespace Entrypoint.EndToEnd.Preparation;

/// <summary>What is prepared is made in a place of its own and never changed: many starts at once, killed ones, and jobs that run meanwhile.</summary>
public sealed class GenerationTests : IDisposable
{
    /// <summary>In front of the executable: flock fails with ENOSYS, as on a file system that is mounted without locks.</summary>
    private static readonly string[] WithoutLocks =
    [
        "python3", "-c",
        """
        import ctypes, os, struct, sys
        rules = [(0x20, 0, 0, 0), (0x15, 0, 1, 73 if os.uname().machine == "x86_64" else 32), (0x06, 0, 0, 0x50000 | 38), (0x06, 0, 0, 0x7FFF0000)]
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
        class Filter(ctypes.Structure): _fields_ = [("length", ctypes.c_ushort), ("rules", ctypes.c_void_p)]
        filter = Filter(len(rules), ctypes.addressof(code))
        libc = ctypes.CDLL(None)
        if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(filter), 0, 0): sys.exit("seccomp")
        os.execvp(sys.argv[1], sys.argv[1:])
        """,
    ];

    private readonly Workbench _bench = new();
    private readonly string _python;

    public GenerationTests() => _python = FakePython.Install(_bench);

    public void Dispose() => _bench.Dispose();

    private string Environments => _bench["state/venvs"];

    private string[] Folders() => Directory.Exists(Environments) ? Directory.GetDirectories(Environments) : [];

    private Task<RunResult> RunAsync(params string[] options) => _bench.RunWithAsync(_python, options);

    private static void AssertRan(RunResult result, string text)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_starts_at_once_one_prepares()
    {
        _bench.With(FakePython.PrintsParts, ("requirements.txt", "alpha\n"));

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => RunAsync()));

        Assert.All(results, result => AssertRan(result, "parts 5 {'alpha\\n'}"));
        Assert.Equal(1, FakePython.Installations(_bench));
        Assert.Single(Folders());
    }

    [Fact]
    public async Task Without_locks_many_starts_at_once_all_succeed_and_one_is_kept()
    {
        _bench.With(FakePython.PrintsParts, ("requirements.txt", "alpha\n"));
        Task<RunResult> StartAsync() => EntrypointProcess.RunAsync([_bench.Job, "--python", _python], _bench.Environment, "/", WithoutLocks);

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => StartAsync()));

        Assert.All(results, result => AssertRan(result, "parts 5 {'alpha\\n'}"));
        Assert.All(results.Where(result => result.Output.Contains("-m venv", StringComparison.Ordinal)), result =>
            Assert.Contains("[WARNING] There are no locks (flock)", result.Output, StringComparison.Ordinal));
        var before = FakePython.Installations(_bench);
        AssertRan(await StartAsync(), "Nothing has changed since requirements.txt was applied");

        // A start that has locks tidies up what the others have left.
        AssertRan(await RunAsync(), "parts 5");
        Assert.Equal(before, FakePython.Installations(_bench));
        Assert.Single(Folders());
    }

    [Fact]
    public async Task The_lock_of_a_start_that_was_killed_at_its_last_moment_goes_and_a_held_one_stays()
    {
        _bench.With(FakePython.PrintsParts, ("requirements.txt", "alpha\n"));
        AssertRan(await RunAsync(), "parts 5");
        var left = _bench.Folder.Write("state/locks/left.lock", "token\n1\n2026-01-01 00:00:00\nhost\n");
        var held = _bench.Folder.Write("state/locks/held.lock", "");
        using var holder = new FileStream(held, FileMode.Open, FileAccess.Read, FileShare.None);

        AssertRan(await RunAsync(), "Nothing has changed");

        Assert.False(File.Exists(left));
        Assert.True(File.Exists(held));
    }

    [Fact]
    public async Task Kills_at_any_moment_leave_nothing_that_the_next_start_does_not_remove()
    {
        const int Rounds = 200;
        const int AtOnce = 4;
        var random = new Random(7);
        var moments = Enumerable.Range(0, Rounds).Select(_ => random.Next(0, 600)).ToArray();

        // Several benches at once, since a round is mostly waiting.
        await Parallel.ForEachAsync(Enumerable.Range(0, AtOnce), async (index, cancellation) =>
        {
            using var bench = new Workbench();
            var python = FakePython.Install(bench);
            for (var round = index; round < Rounds; round += AtOnce)
            {
                bench.With(FakePython.PrintsParts, ("requirements.txt", $"round {round}\n"));
                using var process = EntrypointProcess.Start([bench.Job, "--python", python], bench.Environment);
                await Task.WhenAny(process.WaitAsync(), Task.Delay(moments[round], cancellation));
                process.Signal(SIGKILL);
                _ = await process.WaitAsync();

                AssertRan(await bench.RunWithAsync(python), $"parts 5 {{'round {round}\\n'}}");
                Assert.Single(Directory.GetDirectories(bench["state/venvs"]));
                Assert.Empty(Directory.GetFileSystemEntries(bench["state/locks"]));

                AssertRan(await bench.RunWithAsync(python, "--prune", "0"), "Removed: 1,");
                Assert.Empty(Directory.GetFileSystemEntries(bench["state/venvs"]));
            }
        });
    }

    [Fact]
    public async Task What_a_job_runs_in_does_not_change_while_others_refresh_change_and_prune()
    {
        _bench.With(
            """
            import os, sys, time
            packages = os.environ["VIRTUAL_ENV"] + "/lib/python3/site-packages/"
            print("job", "is there", flush=True)
            while not os.path.exists(sys.argv[1]):
                for part in range(1, 6):
                    assert open(packages + "part%d" % part).read() == "alpha\n"
                time.sleep(0.01)
            print("job", "saw the same")
            """,
            ("requirements.txt", "alpha\n"));
        _bench.Folder.Write("other/__main__.py", FakePython.PrintsParts);
        _bench.Folder.Write("other/requirements.txt", "alpha\n");
        using var job = EntrypointProcess.Start([_bench.Job, "--python", _python, "--", _bench["end"]], _bench.Environment);
        await job.WaitForAsync("job is there");
        var own = Folders().Single();
        File.WriteAllText(Path.Combine(own, "lib/python3/site-packages/written-by-the-job"), "");

        async Task OtherAsync(int index)
        {
            var option = (index % 3) switch { 0 => "--refresh", 1 => "--log-level=info", _ => "--keep-going" };
            AssertRan(await EntrypointProcess.RunAsync([_bench["other"], "--python", _python, option], _bench.Environment), "parts 5 {'alpha\\n'}");
            AssertRan(await RunAsync("--prune", "0"), "Removed: ");
        }

        await Task.WhenAll(Enumerable.Range(0, 10).Select(OtherAsync));
        Assert.True(Directory.Exists(own));
        File.WriteAllText(_bench["end"], "");

        var result = await job.WaitAsync();
        AssertRan(result, "job saw the same");
        AssertRan(await RunAsync("--prune", "0"), "Removed: ");
        Assert.Empty(Folders());
    }

    [Fact]
    public async Task Refresh_makes_another_one_and_removes_the_one_before()
    {
        _bench.With(FakePython.PrintsParts, ("requirements.txt", "alpha\n"));
        AssertRan(await RunAsync(), "parts 5");
        var before = Folders().Single();

        AssertRan(await RunAsync("--refresh"), "parts 5");
        AssertRan(await RunAsync(), "Nothing has changed since requirements.txt was applied");

        Assert.NotEqual(before, Folders().Single());
    }

    [Fact]
    public async Task Prune_prints_and_removes_what_nothing_has_used_for_so_long()
    {
        _bench.With(FakePython.PrintsParts, ("requirements.txt", "alpha\n"));
        AssertRan(await RunAsync(), "parts 5");
        var folder = Folders().Single();
        AssertRan(await RunAsync("--prune", "30d"), "Removed: 0, 0 B");
        File.SetLastWriteTimeUtc(Path.Combine(Environments, $".{Path.GetFileName(folder)}.lease"), DateTime.UtcNow.AddDays(-31));

        var plan = await RunAsync("--prune", "30d", "--dry-run");
        Assert.Contains($"B  {folder}\nTo be removed: 1, ", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[INFO]", plan.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(folder));

        AssertRan(await RunAsync("--prune", "30d"), $"B  {folder}\nRemoved: 1, ");
        Assert.Empty(Directory.GetFileSystemEntries(Environments));
    }

    [Fact]
    public async Task Use_counts_for_prune()
    {
        _bench.With(FakePython.PrintsParts, ("requirements.txt", "alpha\n"));
        AssertRan(await RunAsync(), "parts 5");
        File.SetLastWriteTimeUtc(Path.Combine(Environments, $".{Path.GetFileName(Folders().Single())}.lease"), DateTime.UtcNow.AddDays(-31));
        AssertRan(await RunAsync("--code-only"), "parts 5");

        AssertRan(await RunAsync("--prune", "30d"), "Removed: 0, 0 B");
        Assert.Single(Folders());
    }

    [Fact]
    public async Task Prune_wants_a_duration()
    {
        var result = await RunAsync("--prune", "soon");

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("--prune", result.Output, StringComparison.Ordinal);
    }
}

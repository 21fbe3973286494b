namespace Entrypoint.EndToEnd.Init;

public sealed class OrphanTests
{
    /// <summary>
    /// 200 grandchildren whose parents are gone end with code 9; then waits until no process but itself and its ancestors is left,
    /// zombies included.
    /// </summary>
    private const string MakesOrphans =
        """
        import os, sys, time
        ours = int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[1])
        for _ in range(200):
            child = os.fork()
            if child == 0:
                if os.fork() == 0:
                    os._exit(9)
                os._exit(0)
            os.waitpid(child, 0)

        def others():
            found = []
            for name in os.listdir("/proc"):
                if name.isdigit() and int(name) not in (os.getpid(), ours, 1):
                    try:
                        stat = open("/proc/" + name + "/stat").read().rsplit(")", 1)[1].split()
                    except OSError:
                        continue
                    if int(stat[1]) in (1, ours, os.getpid()):
                        found.append((name, stat[0]))
            return found

        deadline = time.monotonic() + float(sys.argv[1])
        while others() and time.monotonic() < deadline:
            time.sleep(0.01)
        print("left:", others(), flush=True)
        sys.exit(3 if others() else 0)
        """;

    [Fact]
    public async Task Leaves_no_zombie_of_200_orphans_as_pid_1()
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync([folder.Job(MakesOrphans), "--", "60"], wrapper: Wrapper.Pid1);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Leaves_no_zombie_of_200_orphans_as_pid_1_on_a_terminal()
    {
        using var folder = new TemporaryFolder();
        using var terminal = new Pseudoterminal();

        var result = await EntrypointProcess.RunAsync(
            [folder.Job(MakesOrphans), "--", "60"], wrapper: [.. Wrapper.Pid1, .. terminal.SessionLeader]);

        Assert.True(result.ExitCode == 0, terminal.Output);
    }

    [Fact]
    public async Task Leaves_no_zombie_of_200_orphans_as_a_process_among_others()
    {
        using var folder = new TemporaryFolder();

        // The job counts zombies whose parent is its own parent, or PID 1: a namespace of its own keeps strangers out.
        var result = await EntrypointProcess.RunAsync(
            [folder.Job(MakesOrphans), "--", "60"], wrapper: [.. Wrapper.Pid1, .. Wrapper.Shell("\"$@\"; exit $?")]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task The_same_job_finds_zombies_below_a_parent_that_does_not_reap()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(MakesOrphans);

        using var process = EntrypointProcess.Start(
            ["-c", "import subprocess, sys; sys.exit(subprocess.call([sys.executable, *sys.argv[1:]]))", job, "1"],
            wrapper: Wrapper.Pid1,
            program: Interpreter.Program);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 3, result.ToString());
    }

    [Fact]
    public async Task Adopts_orphans_when_it_is_not_pid_1()
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync([folder.Job(
            """
            import os, time
            program = os.getppid()
            reader, writer = os.pipe()
            if (child := os.fork()) == 0:
                parent = os.getpid()
                if os.fork() == 0:
                    while os.getppid() == parent:
                        time.sleep(0.001)
                    os.write(writer, b"%d" % os.getppid())
                os._exit(0)
            os.waitpid(child, 0)
            os.close(writer)
            print("adopted by the program:", int(os.read(reader, 100)) == program)
            """)]);

        Assert.Contains("adopted by the program: True", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thousand_orphans_that_end_with_the_job_leave_its_status(bool pid1)
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(
            """
            import os, sys
            reader, writer = os.pipe()
            ready, started = os.pipe()
            for _ in range(1000):
                if (child := os.fork()) == 0:
                    if os.fork() == 0:
                        os.close(writer)
                        os.write(started, b"x")
                        os.read(reader, 1)
                        os._exit(9)
                    os._exit(8)
                os.waitpid(child, 0)
            count = 0
            while count < 1000:
                count += len(os.read(ready, 1000))
            os._exit(int(sys.argv[1]))  # and with it the only writer, so all of them end at this instant
            """);

        foreach (var code in new[] { 0, 7 })
        {
            var result = await EntrypointProcess.RunAsync([job, "--", $"{code}"], wrapper: pid1 ? Wrapper.Pid1 : null);
            Assert.True(result.ExitCode == code, result.ToString());
        }
    }

    [Fact]
    public async Task Statuses_of_orphans_never_become_the_programs_own()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(
            """
            import os, sys
            for _ in range(20):
                if os.fork() == 0:
                    os._exit(9)
            os._exit(int(sys.argv[1]))
            """);

        for (var i = 0; i < 20; i++)
        {
            var expected = i % 2 == 0 ? 0 : 4;
            var result = await EntrypointProcess.RunAsync([job, "--", $"{expected}"], wrapper: i % 4 < 2 ? Wrapper.Pid1 : null);
            Assert.True(result.ExitCode == expected, $"round {i}: {result}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Orphans_of_a_preparation_step_do_not_change_its_status(bool pid1)
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job("print('never')");
        folder.Write("job/setup.sh", "for i in $(seq 100); do (exit 9 & exit 8 &) ; done\nexit 5\n");

        var result = await EntrypointProcess.RunAsync([job], wrapper: pid1 ? Wrapper.Pid1 : null);

        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Matches(@"setup\.sh.*\b5\b", result.Output + result.Error);
        Assert.DoesNotContain("never", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reaps_silently()
    {
        using var folder = new TemporaryFolder();
        var quiet = await EntrypointProcess.RunAsync([folder.Job("pass", "quiet")]);
        var orphans = await EntrypointProcess.RunAsync([folder.Job(MakesOrphans), "--", "60"], wrapper: Wrapper.Pid1);

        Assert.Equal(quiet.Output.Split('\n').Length + 1, orphans.Output.Split('\n').Length);
    }
}

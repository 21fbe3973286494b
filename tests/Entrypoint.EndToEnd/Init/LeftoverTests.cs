using System.Diagnostics;

namespace Entrypoint.EndToEnd.Init;

/// <summary>What the job leaves running when it ends.</summary>
public sealed class LeftoverTests
{
    /// <summary>A job that leaves a process behind and ends with 7 as soon as that has run its first part.</summary>
    private static string Leaves(string python) =>
        $"""
        import os, signal, sys, time
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.close(reader)
            def ready():
                os.close(writer)
        {string.Join('\n', python.Split('\n').Select(line => "    " + line))}
            os._exit(9)
        os.close(writer)
        os.read(reader, 1)
        os._exit(7)
        """;

    [Theory]
    [InlineData("")]
    [InlineData("os.setsid()\n")]
    public async Task Are_sent_sigterm_as_pid_1_and_get_to_clean_up(string before)
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Leaves(before +
            """
            def handler(*_):
                time.sleep(0.5)
                print("cleaned up", flush=True)
                os._exit(9)
            signal.signal(signal.SIGTERM, handler)
            ready()
            while True: time.sleep(0.05)
            """));

        var result = await EntrypointProcess.RunAsync([job], wrapper: Wrapper.Pid1);

        Assert.True(result.ExitCode == 7, result.ToString());
        Assert.Contains("cleaned up", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cannot_hold_up_the_end_by_ignoring_sigterm()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Leaves(
            """
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("ready", flush=True)
            ready()
            time.sleep(3600)
            """));
        using var process = EntrypointProcess.Start([job], wrapper: Wrapper.Pid1);
        await process.WaitForAsync("ready");
        var clock = Stopwatch.StartNew();

        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 7, result.ToString());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Do_not_hold_up_the_end_when_they_end_at_once()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Leaves("ready()\ntime.sleep(3600)"));
        var clock = Stopwatch.StartNew();

        for (var i = 0; i < 3; i++)
        {
            var result = await EntrypointProcess.RunAsync([job], wrapper: Wrapper.Pid1);
            Assert.True(result.ExitCode == 7, result.ToString());
        }

        // Three times the 5 s that what ignores SIGTERM would get.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(12), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Are_left_alone_when_the_program_is_not_pid_1()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Leaves(
            """
            got = []
            signal.signal(signal.SIGTERM, lambda *_: got.append("TERM"))
            signal.signal(signal.SIGUSR1, lambda *_: (open(sys.argv[1], "w").write(repr(got)), os._exit(0)))
            print(f"ready {os.getpid()}", flush=True)
            for descriptor in (0, 1, 2):
                os.close(descriptor)
            ready()
            while True: time.sleep(0.05)
            """));
        using var process = EntrypointProcess.Start([job, "--", folder["got"]]);
        await process.WaitForAsync("ready");
        var leftover = await Jobs.ReadyIdAsync(() => process.Output);

        try
        {
            var result = await process.WaitAsync();
            Assert.True(result.ExitCode == 7, result.ToString());
            EntrypointProcess.SendSignal(leftover, SIGUSR1);
            await ProcessState.WaitUntilAsync(() => !ProcessState.IsAlive(leftover), "the leftover ended when asked to");
            Assert.Equal("[]", await File.ReadAllTextAsync(folder["got"]));
        }
        finally
        {
            EntrypointProcess.SendSignal(leftover, SIGKILL);
        }
    }

    [Fact]
    public async Task That_hold_standard_output_open_do_not_hold_up_the_end()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(
            """
            import subprocess
            sleep = subprocess.Popen(["sleep", "1000"])
            print(f"ready {sleep.pid}", flush=True)
            """)]);
        await process.WaitForAsync("ready");
        var sleep = await Jobs.ReadyIdAsync(() => process.Output);

        try
        {
            var result = await process.WaitAsync();
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.True(ProcessState.IsAlive(sleep));
        }
        finally
        {
            EntrypointProcess.SendSignal(sleep, SIGKILL);
        }
    }

    [Fact]
    public async Task May_be_waited_for_while_more_signals_arrive()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Leaves(
            """
            def handler(*_):
                print("ending", flush=True)
                time.sleep(1)
                print("cleaned up", flush=True)
                os._exit(9)
            signal.signal(signal.SIGTERM, handler)
            ready()
            while True: time.sleep(0.05)
            """));
        using var process = EntrypointProcess.Start([job], wrapper: Wrapper.Pid1);
        await process.WaitForAsync("ending");
        var program = await process.ProgramIdAsync();

        EntrypointProcess.SendSignal(program, SIGHUP);
        EntrypointProcess.SendSignal(program, SIGUSR1);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 7, result.ToString());
    }

    [Fact]
    public async Task That_start_others_over_and_over_do_not_hold_up_the_end()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Leaves(
            """
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            ready()
            while True:
                if os.fork() == 0:
                    time.sleep(0.02)
                    os._exit(0)
                time.sleep(0.01)
            """));

        var result = await EntrypointProcess.RunAsync([job], wrapper: Wrapper.Pid1);

        Assert.True(result.ExitCode == 7, result.ToString());
    }
}

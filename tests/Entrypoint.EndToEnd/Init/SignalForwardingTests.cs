namespace Entrypoint.EndToEnd.Init;

public sealed class SignalForwardingTests
{
    /// <summary>All that can be caught but the crash signals, PIPE and CHLD; 32 and 33 are the C library's.</summary>
    private static readonly int[] Forwarded =
    [
        SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGSTKFLT, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGXCPU, SIGXFSZ,
        SIGVTALRM, SIGPROF, SIGWINCH, SIGIO, SIGPWR, .. Enumerable.Range(SIGRTMIN, SIGRTMAX - SIGRTMIN + 1),
    ];

    public static TheoryData<string> Surroundings => new("a process among others", "PID 1", "PID 1 on a terminal", "session leader on a terminal");

    [Theory]
    [MemberData(nameof(Surroundings))]
    public async Task Forwards_every_signal_once_with_its_number(string surroundings)
    {
        using var folder = new TemporaryFolder();
        using var terminal = new Pseudoterminal();
        string[] wrapper = surroundings switch
        {
            "PID 1" => Wrapper.Pid1,
            "PID 1 on a terminal" => [.. Wrapper.Pid1, .. terminal.SessionLeader],
            "session leader on a terminal" => terminal.SessionLeader,
            _ => [],
        };
        using var process = EntrypointProcess.Start([folder.Job(Jobs.SignalPrinter)], wrapper: wrapper);
        var onTerminal = surroundings.Contains("terminal", StringComparison.Ordinal);
        Func<string> output = onTerminal ? () => terminal.Output : () => process.Output;
        Func<string, Task> waitFor = onTerminal ? terminal.WaitForAsync : process.WaitForAsync;
        await waitFor("ready");
        var program = await process.ProgramIdAsync();

        foreach (var signal in Forwarded)
        {
            EntrypointProcess.SendSignal(program, signal);
            await waitFor($"got {signal} ");
        }

        var result = await process.WaitAsync();
        Assert.Equal([.. Forwarded.Select(signal => $"{signal}")], Jobs.Received(output()));
        Assert.True(result.ExitCode == 42, output());
    }

    [Fact]
    public async Task Neither_forwards_nor_minds_sigpipe_and_sigchld()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(Jobs.SignalPrinter)]);
        await process.WaitForAsync("ready");

        process.Signal(SIGPIPE);
        process.Signal(SIGCHLD);
        process.Signal(SIGUSR1);
        await process.WaitForAsync($"got {SIGUSR1}");
        process.Signal(SIGRTMAX);
        var result = await process.WaitAsync();

        Assert.Equal([$"{SIGUSR1}", $"{SIGRTMAX}"], Jobs.Received(result.Output));
        Assert.Equal(42, result.ExitCode);
    }

    [Fact]
    public async Task Forwards_sigusr1_to_the_group_even_when_the_job_itself_ignores_it()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(
            """
            import signal, subprocess
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)
            sleep = subprocess.Popen(["sleep", "1000"], preexec_fn=lambda: signal.signal(signal.SIGUSR1, signal.SIG_DFL))
            print("ready", flush=True)
            raise SystemExit(0 if sleep.wait() == -signal.SIGUSR1 else 1)
            """)]);
        await process.WaitForAsync("ready");

        process.Signal(SIGUSR1);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Theory]
    [InlineData(SIGTERM)]
    [InlineData(SIGUSR1)]
    [InlineData(SIGUSR2)]
    [InlineData(SIGHUP)]
    [InlineData(SIGQUIT)]
    [InlineData(SIGALRM)]
    public async Task Ends_with_128_plus_the_number_when_the_job_dies_of_what_was_forwarded(int signal)
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(
            """
            import resource, subprocess
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
            print("ready", flush=True)
            subprocess.call(["sleep", "1000"])
            """)]);
        await process.WaitForAsync("ready");

        process.Signal(signal);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + signal, result.ToString());
    }

    [Theory]
    [InlineData("signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))", 0)]
    [InlineData("signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))", 7)]
    public async Task Ends_with_what_the_jobs_handler_decides(string handler, int expected)
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(
            $"""
            import signal, sys, time
            {handler}
            print('ready', flush=True)
            while True: time.sleep(0.05)
            """);
        using var process = EntrypointProcess.Start([job]);
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == expected, result.ToString());
    }

    [Fact]
    public async Task Waits_for_a_job_that_ignores_sigterm_and_ends_with_its_code()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(
            """
            import signal, sys
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("ready", flush=True)
            sys.stdin.readline()
            sys.exit(5)
            """)]);
        await process.WaitForAsync("ready");
        for (var i = 0; i < 3; i++)
        {
            process.Signal(SIGTERM);
        }

        await process.WriteAsync("go on\n");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 5, result.ToString());
    }

    [Fact]
    public async Task Survives_signals_that_arrive_while_the_job_is_ending()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(
            """
            import signal, os
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print('ready', flush=True)
            os._exit(3)
            """);

        for (var i = 0; i < 20; i++)
        {
            using var process = EntrypointProcess.Start([job]);
            await process.WaitForAsync("ready");
            using var ended = new CancellationTokenSource();
            var storm = Task.Run(() =>
            {
                while (!ended.IsCancellationRequested && ProcessState.IsAlive(process.Id))
                {
                    process.Signal(SIGTERM);
                }
            });
            var result = await process.WaitAsync();
            await ended.CancelAsync();
            await storm;

            Assert.True(result.ExitCode == 3, $"round {i}: {result}");
        }
    }

    [Fact]
    public async Task Forwards_every_real_time_signal_of_a_burst()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(Jobs.SignalPrinter)]);
        await process.WaitForAsync("ready");

        for (var i = 0; i < 20; i++)
        {
            process.Signal(SIGRTMIN + 6);
        }

        await ProcessState.WaitUntilAsync(() => Jobs.Received(process.Output).Length >= 20, "all of a burst of 20 were received");
        process.Signal(SIGRTMAX);
        var result = await process.WaitAsync();
        Assert.Equal([.. Enumerable.Repeat($"{SIGRTMIN + 6}", 20), $"{SIGRTMAX}"], Jobs.Received(result.Output));
    }
}

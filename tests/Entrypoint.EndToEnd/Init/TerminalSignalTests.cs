namespace Entrypoint.EndToEnd.Init;

/// <summary>Keys and other events of a terminal that is the program's own, and the signals that they become.</summary>
public sealed class TerminalSignalTests : TerminalTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_control_c_is_one_sigint(bool pid1)
    {
        using var process = Start(Jobs.SignalPrinter, pid1);
        await Terminal.WaitForAsync("ready");
        var program = await process.ProgramIdAsync();

        Terminal.Write(Pseudoterminal.ControlC);
        await Terminal.WaitForAsync($"got {SIGINT}");
        EntrypointProcess.SendSignal(program, SIGUSR1);
        await Terminal.WaitForAsync($"got {SIGUSR1}");
        Terminal.Write(Pseudoterminal.ControlBackslash);
        await Terminal.WaitForAsync($"got {SIGQUIT}");
        EntrypointProcess.SendSignal(program, SIGUSR2);
        await Terminal.WaitForAsync($"got {SIGUSR2}");
        EntrypointProcess.SendSignal(program, SIGRTMAX);
        await Terminal.WaitForAsync($"got {SIGRTMAX}");
        await process.WaitAsync();

        // Nothing else either: no hang-up and no continuation from taking the terminal over.
        Assert.Equal([$"{SIGINT} from terminal", $"{SIGUSR1}", $"{SIGQUIT} from terminal", $"{SIGUSR2}", $"{SIGRTMAX}"], Jobs.Received(Terminal.Output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Control_c_ends_a_job_that_does_not_catch_it_with_130(bool pid1)
    {
        using var process = Start(Jobs.Sleeper, pid1);
        await Terminal.WaitForAsync("ready");

        Terminal.Write(Pseudoterminal.ControlC);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGINT, Terminal.Output);
    }

    [Fact]
    public async Task A_sigint_from_elsewhere_reaches_the_job_as_well()
    {
        using var process = Start(Jobs.SignalPrinter);
        await Terminal.WaitForAsync("ready");

        process.Signal(SIGINT);
        await Terminal.WaitForAsync($"got {SIGINT}");
        Terminal.Write(Pseudoterminal.ControlC);
        await Terminal.WaitForAsync($"got {SIGINT} from terminal");
        process.Signal(SIGRTMAX);
        await Terminal.WaitForAsync($"got {SIGRTMAX}");
        var result = await process.WaitAsync();

        Assert.Equal([$"{SIGINT}", $"{SIGINT} from terminal", $"{SIGRTMAX}"], Jobs.Received(Terminal.Output));
        Assert.Equal(42, result.ExitCode);
    }

    [Fact]
    public async Task A_change_of_its_size_is_one_sigwinch()
    {
        using var process = Start(Jobs.SignalPrinter);
        await Terminal.WaitForAsync("ready");

        Terminal.Resize(50, 132);
        await Terminal.WaitForAsync($"got {SIGWINCH}");
        process.Signal(SIGUSR1);
        await Terminal.WaitForAsync($"got {SIGUSR1}");
        process.Signal(SIGRTMAX);
        await Terminal.WaitForAsync($"got {SIGRTMAX}");
        await process.WaitAsync();

        Assert.Equal([$"{SIGWINCH} from terminal", $"{SIGUSR1}", $"{SIGRTMAX}"], Jobs.Received(Terminal.Output));
    }

    [Fact]
    public async Task Its_end_reaches_the_job_as_sighup()
    {
        using var process = Start(
            $"""
            import os, signal, time
            def hung_up(*_):
                open("{Folder["hung-up"]}", "w").close()
                os._exit(5)
            signal.signal(signal.SIGHUP, hung_up)
            print("ready", flush=True)
            while True: time.sleep(0.05)
            """);
        await Terminal.WaitForAsync("ready");

        Terminal.HangUp();
        var result = await process.WaitAsync();

        Assert.True(File.Exists(Folder["hung-up"]));
        Assert.Equal(5, result.ExitCode);
    }

    [Fact]
    public async Task Control_z_stops_the_job_until_the_program_is_continued()
    {
        using var process = Start(
            """
            import os, sys
            print(f"ready {os.getpid()}", flush=True)
            sys.stdin.readline()
            sys.exit(6)
            """);
        await Terminal.WaitForAsync("ready");
        var job = await Jobs.ReadyIdAsync(() => Terminal.Output);

        Terminal.Write(Pseudoterminal.ControlZ);
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(job) is { State: 'T' }, "the job was stopped");
        process.Signal(SIGCONT);
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(job) is { State: not 'T' }, "the job went on");
        Terminal.WriteLine("");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 6, Terminal.Output);
    }

    [Theory]
    [InlineData("exec \"$@\" < '{0}'")]
    [InlineData("exec \"$@\" > '{0}'")]
    [InlineData("exec \"$@\" < '{0}' > '{0}.out' 2> '{0}.err'")]
    public async Task Control_c_reaches_the_job_with_other_things_for_standard_streams(string script)
    {
        var file = Folder.Write("file", "");
        var job = Folder.Job(
            $"""
            import os, signal, time
            def interrupted(*_):
                open("{Folder["interrupted"]}", "a").write("x")
            def ended(*_):
                os._exit(7)
            signal.signal(signal.SIGINT, interrupted)
            signal.signal(signal.SIGUSR1, ended)
            open("{Folder["ready"]}", "w").close()
            while True: time.sleep(0.05)
            """);
        using var process = EntrypointProcess.Start(
            [job], wrapper: [.. Terminal.SessionLeader, .. Wrapper.Shell(script.Replace("{0}", file, StringComparison.Ordinal))]);
        await ProcessState.WaitUntilAsync(() => File.Exists(Folder["ready"]), "the job was ready");

        Terminal.Write(Pseudoterminal.ControlC);
        await ProcessState.WaitUntilAsync(() => File.Exists(Folder["interrupted"]), "the job was interrupted");
        process.Signal(SIGUSR1);
        var result = await process.WaitAsync();

        Assert.Equal(7, result.ExitCode);
        Assert.Equal("x", await File.ReadAllTextAsync(Folder["interrupted"]));
    }
}

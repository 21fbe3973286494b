namespace Entrypoint.EndToEnd.Init;

/// <summary>On a terminal that is the program's own, as under <c>docker run -it</c>.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Pseudoterminal _terminal = new();

    public void Dispose()
    {
        _terminal.Dispose();
        _folder.Dispose();
    }

    private EntrypointProcess Start(string python, bool pid1 = false, params string[] options) =>
        EntrypointProcess.Start([_folder.Job(python), .. options], wrapper: [.. pid1 ? Wrapper.Pid1 : [], .. _terminal.SessionLeader]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stays_a_terminal_with_the_job_in_its_foreground(bool pid1)
    {
        using var process = Start(
            """
            import os, sys
            print("terminals", [os.isatty(n) for n in (0, 1, 2)])
            print("foreground", os.tcgetpgrp(0) == os.getpgrp() == os.getpid())
            print("answer", input("question? "))
            sys.exit(3)
            """,
            pid1);
        await _terminal.WaitForAsync("question? ");
        _terminal.WriteLine("for" + "ty-two");

        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 3, _terminal.Output);
        Assert.Contains("terminals [True, True, True]", _terminal.Output, StringComparison.Ordinal);
        Assert.Contains("foreground True", _terminal.Output, StringComparison.Ordinal);
        await _terminal.WaitForAsync("answer forty-two");
    }

    [Fact]
    public async Task Gives_the_job_what_is_typed_up_to_control_d()
    {
        using var process = Start(
            """
            import sys
            print('ready', flush=True)
            print(''.join(reversed(sys.stdin.read())))
            """);
        await _terminal.WaitForAsync("ready");

        _terminal.Write("one\ntwo\nthree\n" + Pseudoterminal.ControlD);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, _terminal.Output);
        await _terminal.WaitForAsync("eerht\nowt\neno");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_control_c_is_one_sigint(bool pid1)
    {
        using var process = Start(Jobs.SignalPrinter, pid1);
        await _terminal.WaitForAsync("ready");
        var program = await process.ProgramIdAsync();

        _terminal.Write(Pseudoterminal.ControlC);
        await _terminal.WaitForAsync($"got {SIGINT}");
        EntrypointProcess.SendSignal(program, SIGUSR1);
        await _terminal.WaitForAsync($"got {SIGUSR1}");
        _terminal.Write(Pseudoterminal.ControlBackslash);
        await _terminal.WaitForAsync($"got {SIGQUIT}");
        EntrypointProcess.SendSignal(program, SIGUSR2);
        await _terminal.WaitForAsync($"got {SIGUSR2}");
        EntrypointProcess.SendSignal(program, SIGRTMAX);
        await _terminal.WaitForAsync($"got {SIGRTMAX}");
        await process.WaitAsync();

        // Nothing else either: no hang-up and no continuation from taking the terminal over.
        Assert.Equal([$"{SIGINT} from terminal", $"{SIGUSR1}", $"{SIGQUIT} from terminal", $"{SIGUSR2}", $"{SIGRTMAX}"], Jobs.Received(_terminal.Output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Control_c_ends_a_job_that_does_not_catch_it_with_130(bool pid1)
    {
        using var process = Start(Jobs.Sleeper, pid1);
        await _terminal.WaitForAsync("ready");

        _terminal.Write(Pseudoterminal.ControlC);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGINT, _terminal.Output);
    }

    [Fact]
    public async Task A_sigint_from_elsewhere_reaches_the_job_as_well()
    {
        using var process = Start(Jobs.SignalPrinter);
        await _terminal.WaitForAsync("ready");

        process.Signal(SIGINT);
        await _terminal.WaitForAsync($"got {SIGINT}");
        _terminal.Write(Pseudoterminal.ControlC);
        await _terminal.WaitForAsync($"got {SIGINT} from terminal");
        process.Signal(SIGRTMAX);
        await _terminal.WaitForAsync($"got {SIGRTMAX}");
        var result = await process.WaitAsync();

        Assert.Equal([$"{SIGINT}", $"{SIGINT} from terminal", $"{SIGRTMAX}"], Jobs.Received(_terminal.Output));
        Assert.Equal(42, result.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_debugger_can_be_used(bool pid1)
    {
        using var process = Start(
            """
            answer = 6 * 7
            breakpoint()
            print('went on with', answer)
            """, pid1);
        await _terminal.WaitForAsync("(Pdb) ");

        _terminal.WriteLine("p answer * 1000");
        await _terminal.WaitForAsync("42000");
        _terminal.WriteLine("answer = 5");
        _terminal.WriteLine("continue");
        await _terminal.WaitForAsync("went on with 5");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, _terminal.Output);
    }

    [Fact]
    public async Task A_change_of_its_size_is_one_sigwinch()
    {
        using var process = Start(Jobs.SignalPrinter);
        await _terminal.WaitForAsync("ready");

        _terminal.Resize(50, 132);
        await _terminal.WaitForAsync($"got {SIGWINCH}");
        process.Signal(SIGUSR1);
        await _terminal.WaitForAsync($"got {SIGUSR1}");
        process.Signal(SIGRTMAX);
        await _terminal.WaitForAsync($"got {SIGRTMAX}");
        await process.WaitAsync();

        Assert.Equal([$"{SIGWINCH} from terminal", $"{SIGUSR1}", $"{SIGRTMAX}"], Jobs.Received(_terminal.Output));
    }

    [Fact]
    public async Task Its_end_reaches_the_job_as_sighup()
    {
        using var process = Start(
            $"""
            import os, signal, time
            def hung_up(*_):
                open("{_folder["hung-up"]}", "w").close()
                os._exit(5)
            signal.signal(signal.SIGHUP, hung_up)
            print("ready", flush=True)
            while True: time.sleep(0.05)
            """);
        await _terminal.WaitForAsync("ready");

        _terminal.HangUp();
        var result = await process.WaitAsync();

        Assert.True(File.Exists(_folder["hung-up"]));
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
        await _terminal.WaitForAsync("ready");
        var job = await Jobs.ReadyIdAsync(() => _terminal.Output);

        _terminal.Write(Pseudoterminal.ControlZ);
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(job) is { State: 'T' }, "the job was stopped");
        process.Signal(SIGCONT);
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(job) is { State: not 'T' }, "the job went on");
        _terminal.WriteLine("");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 6, _terminal.Output);
    }

    [Theory]
    [InlineData("exec \"$@\" < '{0}'")]
    [InlineData("exec \"$@\" > '{0}'")]
    [InlineData("exec \"$@\" < '{0}' > '{0}.out' 2> '{0}.err'")]
    public async Task Control_c_reaches_the_job_with_other_things_for_standard_streams(string script)
    {
        var file = _folder.Write("file", "");
        var job = _folder.Job(
            $"""
            import os, signal, time
            def interrupted(*_):
                open("{_folder["interrupted"]}", "a").write("x")
            def ended(*_):
                os._exit(7)
            signal.signal(signal.SIGINT, interrupted)
            signal.signal(signal.SIGUSR1, ended)
            open("{_folder["ready"]}", "w").close()
            while True: time.sleep(0.05)
            """);
        using var process = EntrypointProcess.Start(
            [job], wrapper: [.. _terminal.SessionLeader, .. Wrapper.Shell(script.Replace("{0}", file, StringComparison.Ordinal))]);
        await ProcessState.WaitUntilAsync(() => File.Exists(_folder["ready"]), "the job was ready");

        _terminal.Write(Pseudoterminal.ControlC);
        await ProcessState.WaitUntilAsync(() => File.Exists(_folder["interrupted"]), "the job was interrupted");
        process.Signal(SIGUSR1);
        var result = await process.WaitAsync();

        Assert.Equal(7, result.ExitCode);
        Assert.Equal("x", await File.ReadAllTextAsync(_folder["interrupted"]));
    }

    [Fact]
    public async Task Is_taken_back_when_the_job_has_ended()
    {
        // What the job leaves behind sees the terminal as it is after the job, and while the program waits for it.
        using var process = Start(
            """
            import os, signal, time
            reader, writer = os.pipe()
            if os.fork() == 0:
                def ended(*_):
                    print("foreground is the program's", os.tcgetpgrp(1) == os.getpgid(1), flush=True)
                    os._exit(0)
                signal.signal(signal.SIGTTOU, signal.SIG_IGN)
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
                signal.signal(signal.SIGTERM, ended)
                os.write(writer, b"x")
                while True: time.sleep(0.05)
            os.read(reader, 1)
            """,
            pid1: true);

        var result = await process.WaitAsync();

        await _terminal.WaitForAsync("foreground is the program's True");
        Assert.Equal(0, result.ExitCode);
    }
}

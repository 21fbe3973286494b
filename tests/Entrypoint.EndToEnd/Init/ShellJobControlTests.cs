namespace Entrypoint.EndToEnd.Init;

/// <summary>Typed into an interactive shell on a terminal.</summary>
public sealed class ShellJobControlTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Pseudoterminal _terminal = new();
    private EntrypointProcess? _shell;

    public async ValueTask InitializeAsync()
    {
        _shell = EntrypointProcess.Start(
            ["--noprofile", "--norc", "--noediting", "-i"],
            new Dictionary<string, string?> { ["PS1"] = "prompt> ", ["E"] = EntrypointProcess.Executable, ["TERM"] = "dumb" },
            workingDirectory: _folder.Path,
            wrapper: _terminal.SessionLeader,
            program: "bash");
        await _terminal.WaitForAsync("prompt> ");
        _terminal.WriteLine("stty -echo; PS1='> '; echo no-$((1))-echo");
        await _terminal.WaitForAsync("no-1-echo");
    }

    public ValueTask DisposeAsync()
    {
        _shell?.Dispose();
        _terminal.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<int> ProgramIdAsync() => await _shell!.ProgramIdAsync();

    [Fact]
    public async Task The_job_stays_in_the_shells_foreground_group_and_the_prompt_comes_back()
    {
        _folder.Job(
            """
            import os, sys
            print("foreground", os.tcgetpgrp(0) == os.getpgrp() == os.getpgid(os.getppid()))
            print("answer", input("question? "))
            sys.exit(9)
            """);
        _terminal.WriteLine("$E job; echo status-$?");
        await _terminal.WaitForAsync("question? ");
        _terminal.WriteLine("42");

        await _terminal.WaitForAsync("status-9");
        await _terminal.WaitForAsync("foreground True");
        _terminal.WriteLine("echo still-$((1))-usable");
        await _terminal.WaitForAsync("still-1-usable");
    }

    [Fact]
    public async Task Pipes_go_on_working()
    {
        _folder.Job(
            """
            import sys
            print(sys.stdin.read().upper())
            """);
        _terminal.WriteLine("echo through | $E job --log-level error | tr A-Z a-z | sed s/^/piped-/; echo status-${PIPESTATUS[1]}");
        await _terminal.WaitForAsync("piped-through");
        await _terminal.WaitForAsync("status-0");
    }

    [Theory]
    [InlineData("$E job")]
    [InlineData("$E job | cat")]
    [InlineData("cat | $E job")]
    public async Task One_control_c_is_one_sigint(string line)
    {
        _folder.Job(Jobs.SignalPrinter);
        var ignoring = line.Replace("cat", "(trap '' INT QUIT USR1; exec cat)", StringComparison.Ordinal);
        _terminal.WriteLine($"{ignoring}; echo status-${{PIPESTATUS[*]}}");
        await _terminal.WaitForAsync("ready");
        var program = await ProgramIdAsync();

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
        _terminal.Write(Pseudoterminal.ControlD);
        await _terminal.WaitForAsync("status-");

        Assert.Equal([$"{SIGINT} from terminal", $"{SIGUSR1}", $"{SIGQUIT} from terminal", $"{SIGUSR2}", $"{SIGRTMAX}"], Jobs.Received(_terminal.Output));
    }

    [Fact]
    public async Task Control_c_ends_the_job_and_the_shell_goes_on()
    {
        _folder.Job(Jobs.Sleeper);
        _terminal.WriteLine("$E job");
        await _terminal.WaitForAsync("ready");

        _terminal.Write(Pseudoterminal.ControlC);
        await ProcessState.WaitUntilAsync(() => ProcessState.Tree(_shell!.Id).Count == 1, "the program and the job were gone");
        _terminal.WriteLine("echo status-$?");
        await _terminal.WaitForAsync($"status-{128 + SIGINT}");
    }

    [Fact]
    public async Task A_sigint_from_elsewhere_reaches_the_job_and_it_alone()
    {
        _folder.Job(Jobs.SignalPrinter);
        _folder.Write("mate.py", Jobs.SignalPrinter.Replace("b\"ready", "b\"mate", StringComparison.Ordinal).Replace("b\"got", "b\"mate took", StringComparison.Ordinal));
        _terminal.WriteLine("$E job | (python3 mate.py & cat; wait); echo status-${PIPESTATUS[0]}");
        await _terminal.WaitForAsync("ready");
        await _terminal.WaitForAsync("mate");
        var program = await ProgramIdAsync();

        EntrypointProcess.SendSignal(program, SIGINT);
        await _terminal.WaitForAsync($"got {SIGINT}");
        EntrypointProcess.SendSignal(program, SIGUSR1);
        await _terminal.WaitForAsync($"got {SIGUSR1}");
        EntrypointProcess.SendSignal(program, SIGRTMAX);
        await _terminal.WaitForAsync($"got {SIGRTMAX}");
        Assert.Equal([$"{SIGINT}", $"{SIGUSR1}", $"{SIGRTMAX}"], Jobs.Received(_terminal.Output));
        Assert.DoesNotContain("mate took", _terminal.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$E job")]
    [InlineData("$E job | cat")]
    public async Task Control_z_stops_and_fg_goes_on(string line)
    {
        _folder.Job(
            """
            import os, sys, time
            print(f'ready {os.getpid()}', flush=True)
            while not os.path.exists('go'): time.sleep(0.05)
            print('went on', flush=True)
            """);
        _terminal.WriteLine(line);
        await _terminal.WaitForAsync("ready");
        var job = await Jobs.ReadyIdAsync(() => _terminal.Output);
        var program = await ProgramIdAsync();

        for (var round = 1; round <= 3; round++)
        {
            _terminal.Write(Pseudoterminal.ControlZ);
            await ProcessState.WaitUntilAsync(
                () => ProcessState.Of(job) is { State: 'T' } && ProcessState.Of(program) is { State: 'T' }, "the job and the program were stopped");
            _terminal.WriteLine($"echo back-$(({round}))");
            await _terminal.WaitForAsync($"back-{round}");
            _terminal.WriteLine("fg");
            await ProcessState.WaitUntilAsync(
                () => ProcessState.Of(job) is { State: not 'T' } && ProcessState.Of(program) is { State: not 'T' }, "they went on");
        }

        _folder.Write("go", "");
        await _terminal.WaitForAsync("went on");
        _terminal.WriteLine("echo status-$?");
        await _terminal.WaitForAsync("status-0");
    }

    [Fact]
    public async Task Control_z_and_bg_let_it_end_in_the_background()
    {
        _folder.Job(
            """
            import os, sys, time
            print(f'ready {os.getpid()}', flush=True)
            while not os.path.exists('go'): time.sleep(0.05)
            sys.exit(8)
            """);
        _terminal.WriteLine("$E job");
        await _terminal.WaitForAsync("ready");
        _terminal.Write(Pseudoterminal.ControlZ);
        await _terminal.WaitForAsync("Stopped");

        _terminal.WriteLine("bg; touch go; wait %1; echo status-$?");

        await _terminal.WaitForAsync("status-8");
    }

    [Fact]
    public async Task Started_in_the_background_it_leaves_the_terminal_alone()
    {
        _folder.Job(
            """
            import os, sys
            print('in the foreground', os.tcgetpgrp(1) == os.getpgrp())
            sys.exit(8)
            """);
        _terminal.WriteLine("$E job & wait $!; echo status-$?; echo still-$((1))-usable");

        await _terminal.WaitForAsync("in the foreground False");
        await _terminal.WaitForAsync("status-8");
        await _terminal.WaitForAsync("still-1-usable");
    }

    [Fact]
    public async Task Reading_from_the_background_stops_it_until_fg()
    {
        _folder.Job("print('answer', input('question? '))");
        _terminal.WriteLine("$E job &");
        await _terminal.WaitForAsync("question? ");
        var program = await ProgramIdAsync();
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(program) is { State: 'T' }, "the program was stopped with the job");

        // The shell learns of it when the last thread has stopped, and says so before its next prompt.
        await ProcessState.WaitUntilAsync(
            () =>
            {
                _terminal.WriteLine("");
                return _terminal.Output.Contains("Stopped", StringComparison.Ordinal);
            },
            "the shell knew that it was stopped");
        _terminal.WriteLine("fg");
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(program) is { State: not 'T' }, "the program went on");
        _terminal.WriteLine("42");
        await _terminal.WaitForAsync("answer 42");
    }

    [Fact]
    public async Task Kill_of_the_shells_job_ends_it()
    {
        _folder.Job(Jobs.Sleeper);
        _terminal.WriteLine("$E job &");
        await _terminal.WaitForAsync("ready");

        _terminal.WriteLine("kill %1; wait %1; echo status-$?");

        await _terminal.WaitForAsync($"status-{128 + SIGTERM}");
    }

    [Fact]
    public async Task The_end_of_the_terminal_ends_the_job()
    {
        _folder.Job(Jobs.Sleeper);
        _terminal.WriteLine("$E job");
        await _terminal.WaitForAsync("ready");
        var job = await Jobs.ReadyIdAsync(() => _terminal.Output);
        var program = await ProgramIdAsync();

        _terminal.HangUp();

        await ProcessState.WaitUntilAsync(() => !ProcessState.IsAlive(job) && !ProcessState.IsAlive(program), "both had ended");
    }

    [Fact]
    public async Task Control_c_while_preparing_stops_the_step_and_ends_with_130()
    {
        _folder.Job("print('never')");
        _folder.Write("job/setup.sh", "echo ready\nsleep 1000\n");
        _terminal.WriteLine("$E job");
        await _terminal.WaitForAsync("ready");

        _terminal.Write(Pseudoterminal.ControlC);
        await ProcessState.WaitUntilAsync(() => ProcessState.Tree(_shell!.Id).Count == 1, "all had ended");
        _terminal.WriteLine("echo status-$?");

        await _terminal.WaitForAsync($"status-{128 + SIGINT}");
        Assert.DoesNotContain("never", _terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_z_while_preparing_stops_and_fg_goes_on()
    {
        _folder.Job("print('the job')");
        _folder.Write("job/setup.sh", "echo ready\nuntil [ -e ../go ]; do sleep 0.05; done\necho prepared\n");
        _terminal.WriteLine("$E job");
        await _terminal.WaitForAsync("ready");

        _terminal.Write(Pseudoterminal.ControlZ);
        await _terminal.WaitForAsync("Stopped");
        _terminal.WriteLine("touch go; fg");

        await _terminal.WaitForAsync("prepared");
        await _terminal.WaitForAsync("the job");
    }

    [Fact]
    public async Task As_pid_1_below_the_shell_it_has_the_terminal_and_gives_it_back()
    {
        _folder.Job(Jobs.SignalPrinter);
        _terminal.WriteLine("unshare --pid --fork --mount-proc --kill-child $E job; echo status-$?");
        await _terminal.WaitForAsync("ready");
        var program = await ProgramIdAsync();

        _terminal.Write(Pseudoterminal.ControlC);
        await _terminal.WaitForAsync($"got {SIGINT}");
        EntrypointProcess.SendSignal(program, SIGUSR1);
        await _terminal.WaitForAsync($"got {SIGUSR1}");
        EntrypointProcess.SendSignal(program, SIGRTMAX);
        await _terminal.WaitForAsync("status-42");
        _terminal.WriteLine("read answer; echo still-$answer");
        _terminal.WriteLine("usable");
        await _terminal.WaitForAsync("still-usable");

        Assert.Equal([$"{SIGINT} from terminal", $"{SIGUSR1}", $"{SIGRTMAX}"], Jobs.Received(_terminal.Output));
    }

    [Fact]
    public async Task A_debugger_can_be_used()
    {
        _folder.Job(
            """
            answer = 6 * 7
            breakpoint()
            print('went on with', answer)
            """);
        _terminal.WriteLine("$E job; echo status-$?");
        await _terminal.WaitForAsync("(Pdb) ");

        _terminal.WriteLine("p answer * 1000");
        await _terminal.WaitForAsync("42000");
        _terminal.WriteLine("continue");
        await _terminal.WaitForAsync("status-0");
    }
}

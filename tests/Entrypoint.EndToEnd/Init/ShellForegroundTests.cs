namespace Entrypoint.EndToEnd.Init;

/// <summary>Typed into an interactive shell on a terminal: the job in its foreground.</summary>
public sealed class ShellForegroundTests : ShellTest
{
    [Fact]
    public async Task The_job_stays_in_the_shells_foreground_group_and_the_prompt_comes_back()
    {
        Folder.Job(
            """
            import os, sys
            print("foreground", os.tcgetpgrp(0) == os.getpgrp() == os.getpgid(os.getppid()))
            print("answer", input("question? "))
            sys.exit(9)
            """);
        Terminal.WriteLine("$E job; echo status-$?");
        await Terminal.WaitForAsync("question? ");
        Terminal.WriteLine("42");

        await Terminal.WaitForAsync("status-9");
        await Terminal.WaitForAsync("foreground True");
        Terminal.WriteLine("echo still-$((1))-usable");
        await Terminal.WaitForAsync("still-1-usable");
    }

    [Fact]
    public async Task Pipes_go_on_working()
    {
        Folder.Job(
            """
            import sys
            print(sys.stdin.read().upper())
            """);
        Terminal.WriteLine("echo through | $E job --log-level error | tr A-Z a-z | sed s/^/piped-/; echo status-${PIPESTATUS[1]}");
        await Terminal.WaitForAsync("piped-through");
        await Terminal.WaitForAsync("status-0");
    }

    [Theory]
    [InlineData("$E job")]
    [InlineData("$E job | cat")]
    [InlineData("cat | $E job")]
    public async Task One_control_c_is_one_sigint(string line)
    {
        Folder.Job(Jobs.SignalPrinter);
        var ignoring = line.Replace("cat", "(trap '' INT QUIT USR1; exec cat)", StringComparison.Ordinal);
        Terminal.WriteLine($"{ignoring}; echo status-${{PIPESTATUS[*]}}");
        await Terminal.WaitForAsync("ready");
        var program = await ProgramIdAsync();

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
        Terminal.Write(Pseudoterminal.ControlD);
        await Terminal.WaitForAsync("status-");

        Assert.Equal([$"{SIGINT} from terminal", $"{SIGUSR1}", $"{SIGQUIT} from terminal", $"{SIGUSR2}", $"{SIGRTMAX}"], Jobs.Received(Terminal.Output));
    }

    [Fact]
    public async Task Control_c_ends_the_job_and_the_shell_goes_on()
    {
        Folder.Job(Jobs.Sleeper);
        Terminal.WriteLine("$E job");
        await Terminal.WaitForAsync("ready");

        Terminal.Write(Pseudoterminal.ControlC);
        await ProcessState.WaitUntilAsync(() => ProcessState.Tree(Shell.Id).Count == 1, "the program and the job were gone");
        Terminal.WriteLine("echo status-$?");
        await Terminal.WaitForAsync($"status-{128 + SIGINT}");
    }

    [Fact]
    public async Task A_sigint_from_elsewhere_reaches_the_job_and_it_alone()
    {
        Folder.Job(Jobs.SignalPrinter);
        Folder.Write("mate.py", Jobs.SignalPrinter.Replace("b\"ready", "b\"mate", StringComparison.Ordinal).Replace("b\"got", "b\"mate took", StringComparison.Ordinal));
        Terminal.WriteLine("$E job | (python3 mate.py & cat; wait); echo status-${PIPESTATUS[0]}");
        await Terminal.WaitForAsync("ready");
        await Terminal.WaitForAsync("mate");
        var program = await ProgramIdAsync();

        EntrypointProcess.SendSignal(program, SIGINT);
        await Terminal.WaitForAsync($"got {SIGINT}");
        EntrypointProcess.SendSignal(program, SIGUSR1);
        await Terminal.WaitForAsync($"got {SIGUSR1}");
        EntrypointProcess.SendSignal(program, SIGRTMAX);
        await Terminal.WaitForAsync($"got {SIGRTMAX}");
        Assert.Equal([$"{SIGINT}", $"{SIGUSR1}", $"{SIGRTMAX}"], Jobs.Received(Terminal.Output));
        Assert.DoesNotContain("mate took", Terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_pid_1_below_the_shell_it_has_the_terminal_and_gives_it_back()
    {
        Folder.Job(Jobs.SignalPrinter);
        Terminal.WriteLine("unshare --pid --fork --mount-proc --kill-child $E job; echo status-$?");
        await Terminal.WaitForAsync("ready");
        var program = await ProgramIdAsync();

        Terminal.Write(Pseudoterminal.ControlC);
        await Terminal.WaitForAsync($"got {SIGINT}");
        EntrypointProcess.SendSignal(program, SIGUSR1);
        await Terminal.WaitForAsync($"got {SIGUSR1}");
        EntrypointProcess.SendSignal(program, SIGRTMAX);
        await Terminal.WaitForAsync("status-42");
        Terminal.WriteLine("read answer; echo still-$answer");
        Terminal.WriteLine("usable");
        await Terminal.WaitForAsync("still-usable");

        Assert.Equal([$"{SIGINT} from terminal", $"{SIGUSR1}", $"{SIGRTMAX}"], Jobs.Received(Terminal.Output));
    }

    [Fact]
    public async Task A_debugger_can_be_used()
    {
        Folder.Job(
            """
            answer = 6 * 7
            breakpoint()
            print('went on with', answer)
            """);
        Terminal.WriteLine("$E job; echo status-$?");
        await Terminal.WaitForAsync("(Pdb) ");

        Terminal.WriteLine("p answer * 1000");
        await Terminal.WaitForAsync("42000");
        Terminal.WriteLine("continue");
        await Terminal.WaitForAsync("status-0");
    }
}

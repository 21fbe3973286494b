namespace Entrypoint.EndToEnd.Init;

/// <summary>Typed into an interactive shell on a terminal.</summary>
public sealed class ShellJobControlTests : ShellTest
{
    [Theory]
    [InlineData("$E job")]
    [InlineData("$E job | cat")]
    public async Task Control_z_stops_and_fg_goes_on(string line)
    {
        Folder.Job(
            """
            import os, sys, time
            print(f'ready {os.getpid()}', flush=True)
            while not os.path.exists('go'): time.sleep(0.05)
            print('went on', flush=True)
            """);
        Terminal.WriteLine(line);
        await Terminal.WaitForAsync("ready");
        var job = await Jobs.ReadyIdAsync(() => Terminal.Output);
        var program = await ProgramIdAsync();

        for (var round = 1; round <= 3; round++)
        {
            Terminal.Write(Pseudoterminal.ControlZ);
            await ProcessState.WaitUntilAsync(
                () => ProcessState.Of(job) is { State: 'T' } && ProcessState.Of(program) is { State: 'T' }, "the job and the program were stopped");
            Terminal.WriteLine($"echo back-$(({round}))");
            await Terminal.WaitForAsync($"back-{round}");
            Terminal.WriteLine("fg");
            await ProcessState.WaitUntilAsync(
                () => ProcessState.Of(job) is { State: not 'T' } && ProcessState.Of(program) is { State: not 'T' }, "they went on");
        }

        Folder.Write("go", "");
        await Terminal.WaitForAsync("went on");
        Terminal.WriteLine("echo status-$?");
        await Terminal.WaitForAsync("status-0");
    }

    [Fact]
    public async Task Control_z_and_bg_let_it_end_in_the_background()
    {
        Folder.Job(
            """
            import os, sys, time
            print(f'ready {os.getpid()}', flush=True)
            while not os.path.exists('go'): time.sleep(0.05)
            sys.exit(8)
            """);
        Terminal.WriteLine("$E job");
        await Terminal.WaitForAsync("ready");
        Terminal.Write(Pseudoterminal.ControlZ);
        await Terminal.WaitForAsync("Stopped");

        Terminal.WriteLine("bg; touch go; wait %1; echo status-$?");

        await Terminal.WaitForAsync("status-8");
    }

    [Fact]
    public async Task Started_in_the_background_it_leaves_the_terminal_alone()
    {
        Folder.Job(
            """
            import os, sys
            print('in the foreground', os.tcgetpgrp(1) == os.getpgrp())
            sys.exit(8)
            """);
        Terminal.WriteLine("$E job & wait $!; echo status-$?; echo still-$((1))-usable");

        await Terminal.WaitForAsync("in the foreground False");
        await Terminal.WaitForAsync("status-8");
        await Terminal.WaitForAsync("still-1-usable");
    }

    [Fact]
    public async Task Reading_from_the_background_stops_it_until_fg()
    {
        Folder.Job("print('answer', input('question? '))");
        Terminal.WriteLine("$E job &");
        await Terminal.WaitForAsync("question? ");
        var program = await ProgramIdAsync();
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(program) is { State: 'T' }, "the program was stopped with the job");

        // The shell learns of it when the last thread has stopped, and says so before its next prompt.
        await ProcessState.WaitUntilAsync(
            () =>
            {
                Terminal.WriteLine("");
                return Terminal.Output.Contains("Stopped", StringComparison.Ordinal);
            },
            "the shell knew that it was stopped");
        Terminal.WriteLine("fg");
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(program) is { State: not 'T' }, "the program went on");
        Terminal.WriteLine("42");
        await Terminal.WaitForAsync("answer 42");
    }

    [Fact]
    public async Task Kill_of_the_shells_job_ends_it()
    {
        Folder.Job(Jobs.Sleeper);
        Terminal.WriteLine("$E job &");
        await Terminal.WaitForAsync("ready");

        Terminal.WriteLine("kill %1; wait %1; echo status-$?");

        await Terminal.WaitForAsync($"status-{128 + SIGTERM}");
    }

    [Fact]
    public async Task The_end_of_the_terminal_ends_the_job()
    {
        Folder.Job(Jobs.Sleeper);
        Terminal.WriteLine("$E job");
        await Terminal.WaitForAsync("ready");
        var job = await Jobs.ReadyIdAsync(() => Terminal.Output);
        var program = await ProgramIdAsync();

        Terminal.HangUp();

        await ProcessState.WaitUntilAsync(() => !ProcessState.IsAlive(job) && !ProcessState.IsAlive(program), "both had ended");
    }

    [Fact]
    public async Task Control_c_while_preparing_stops_the_step_and_ends_with_130()
    {
        Folder.Job("print('never')");
        Folder.Write("job/setup.sh", "echo ready\nsleep 1000\n");
        Terminal.WriteLine("$E job");
        await Terminal.WaitForAsync("ready");

        Terminal.Write(Pseudoterminal.ControlC);
        await ProcessState.WaitUntilAsync(() => ProcessState.Tree(Shell.Id).Count == 1, "all had ended");
        Terminal.WriteLine("echo status-$?");

        await Terminal.WaitForAsync($"status-{128 + SIGINT}");
        Assert.DoesNotContain("never", Terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_z_while_preparing_stops_and_fg_goes_on()
    {
        Folder.Job("print('the job')");
        Folder.Write("job/setup.sh", "echo ready\nuntil [ -e ../go ]; do sleep 0.05; done\necho prepared\n");
        Terminal.WriteLine("$E job");
        await Terminal.WaitForAsync("ready");

        Terminal.Write(Pseudoterminal.ControlZ);
        await Terminal.WaitForAsync("Stopped");
        Terminal.WriteLine("touch go; fg");

        await Terminal.WaitForAsync("prepared");
        await Terminal.WaitForAsync("the job");
    }
}

namespace Entrypoint.EndToEnd.Init;

/// <summary>On a terminal that is the program's own, as under <c>docker run -it</c>.</summary>
public sealed class TerminalTests : TerminalTest
{
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
        await Terminal.WaitForAsync("question? ");
        Terminal.WriteLine("for" + "ty-two");

        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 3, Terminal.Output);
        Assert.Contains("terminals [True, True, True]", Terminal.Output, StringComparison.Ordinal);
        Assert.Contains("foreground True", Terminal.Output, StringComparison.Ordinal);
        await Terminal.WaitForAsync("answer forty-two");
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
        await Terminal.WaitForAsync("ready");

        Terminal.Write("one\ntwo\nthree\n" + Pseudoterminal.ControlD);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, Terminal.Output);
        await Terminal.WaitForAsync("eerht\nowt\neno");
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
        await Terminal.WaitForAsync("(Pdb) ");

        Terminal.WriteLine("p answer * 1000");
        await Terminal.WaitForAsync("42000");
        Terminal.WriteLine("answer = 5");
        Terminal.WriteLine("continue");
        await Terminal.WaitForAsync("went on with 5");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, Terminal.Output);
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

        await Terminal.WaitForAsync("foreground is the program's True");
        Assert.Equal(0, result.ExitCode);
    }
}

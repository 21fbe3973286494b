namespace Entrypoint.EndToEnd.Init;

/// <summary>On a terminal that is the program's own, before the job has it.</summary>
public sealed class TerminalWhilePreparingTests : TerminalTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Control_c_while_preparing_stops_the_step_and_ends_with_130(bool pid1)
    {
        Folder.Write("job/setup.sh", "echo ready\nsleep 1000\n");
        using var process = Start("print('never')", pid1);
        await Terminal.WaitForAsync("ready");

        Terminal.Write(Pseudoterminal.ControlC);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGINT, Terminal.Output);
        Assert.DoesNotContain("never", Terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_control_c_while_preparing_kills_at_once()
    {
        Folder.Write("job/setup.sh",
            """
            trap 'echo interrupted' INT
            trap '' TERM
            echo ready
            while :; do sleep 1000; done
            """);
        using var process = Start("print('never')", pid1: false, "--grace-period", "1h");
        await Terminal.WaitForAsync("ready");

        Terminal.Write(Pseudoterminal.ControlC);
        await Terminal.WaitForAsync("interrupted");
        Terminal.Write(Pseudoterminal.ControlC);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGINT, Terminal.Output);
    }

    [Fact]
    public async Task A_step_that_reads_from_the_terminal_does_not_hang()
    {
        Folder.Write("job/setup.sh", "if read -r line </dev/tty; then echo \"line: $line\"; else echo 'no line'; fi\n");
        using var process = Start("print('the job')");
        Terminal.WriteLine("typed");

        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, Terminal.Output);
        await Terminal.WaitForAsync("the job");
    }

    [Fact]
    public async Task Gets_back_its_foreground_for_the_job_after_a_step_that_took_it()
    {
        Folder.Write("job/setup.sh", "set -m\nsleep 0.1\necho prepared\n");
        using var process = Start("print('answer', input('question? '))");
        await Terminal.WaitForAsync("question? ");

        Terminal.WriteLine("yes");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, Terminal.Output);
    }
}

namespace Entrypoint.EndToEnd.Init;

public sealed class StopAndContinueTests
{
    public static TheoryData<bool, int> Cases => new() { { false, SIGTSTP }, { false, SIGTTIN }, { false, SIGTTOU }, { true, SIGTSTP } };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Passes_on_the_stop_and_the_continuation(bool pid1, int signal)
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start(
            [folder.Job(
                """
                import sys
                print('ready', flush=True)
                print('read', sys.stdin.readline())
                sys.exit(4)
                """)],
            wrapper: pid1 ? Wrapper.Pid1 : null);
        await process.WaitForAsync("ready");
        var program = await process.ProgramIdAsync();
        var job = ProcessState.All().Single(state => state.Parent == program).Id;

        EntrypointProcess.SendSignal(program, signal);
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(job) is { State: 'T' }, "the job was stopped");
        await process.WriteAsync("a line\n");
        EntrypointProcess.SendSignal(program, SIGCONT);
        await process.WaitForAsync("read a line");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 4, result.ToString());
    }

    [Fact]
    public async Task Waits_for_a_job_that_somebody_else_stops()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(
            """
            import sys
            import os
            print(f'ready {os.getpid()}', flush=True)
            sys.stdin.readline()
            sys.exit(4)
            """)]);
        await process.WaitForAsync("ready");
        var job = await Jobs.ReadyIdAsync(() => process.Output);

        EntrypointProcess.SendSignal(job, SIGSTOP);
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(job) is { State: 'T' }, "the job was stopped");
        await process.WriteAsync("a line\n");
        EntrypointProcess.SendSignal(job, SIGCONT);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 4, result.ToString());
    }

    [Fact]
    public async Task A_stopped_job_can_be_ended()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(Jobs.Sleeper)]);
        await process.WaitForAsync("ready");
        var job = await Jobs.ReadyIdAsync(() => process.Output);
        process.Signal(SIGTSTP);
        await ProcessState.WaitUntilAsync(() => ProcessState.Of(job) is { State: 'T' }, "the job was stopped");

        process.Signal(SIGTERM);
        process.Signal(SIGCONT);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGTERM, result.ToString());
    }
}

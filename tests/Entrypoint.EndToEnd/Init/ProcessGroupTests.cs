namespace Entrypoint.EndToEnd.Init;

public sealed class ProcessGroupTests
{
    [Fact]
    public async Task Makes_the_job_a_direct_child_and_the_leader_of_its_own_group()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(Jobs.Sleeper)]);
        await process.WaitForAsync("ready");

        var job = ProcessState.Of(await Jobs.ReadyIdAsync(() => process.Output))!;

        Assert.Equal(process.Id, job.Parent);
        Assert.Equal(job.Id, job.Group);
        process.Signal(SIGTERM);
        await process.WaitAsync();
    }

    [Fact]
    public async Task Forwards_sigterm_to_the_whole_group()
    {
        using var folder = new TemporaryFolder();
        var mark = $"MARK={Guid.NewGuid():N}";
        using var process = EntrypointProcess.Start(
            [folder.Job(
                """
                import subprocess
                subprocess.Popen("sleep 1000 | sleep 1000 & sleep 1000 & sleep 1000", shell=True)
                print("ready", flush=True)
                subprocess.run("sleep 1000 | sleep 1000", shell=True)
                """)],
            new Dictionary<string, string?> { ["MARK"] = mark["MARK=".Length..] });
        await process.WaitForAsync("ready");
        await ProcessState.WaitUntilAsync(() => ProcessState.Tree(process.Id).Count(state => state.Name == "sleep") == 6, "all six ran");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGTERM, result.ToString());
        await ProcessState.WaitUntilAsync(() => ProcessState.WithEnvironment(mark).Count == 0, "the whole group was gone");
    }

    [Fact]
    public async Task Does_not_reach_what_has_left_for_a_session_of_its_own()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(
            """
            import subprocess, time
            daemon = subprocess.Popen(["sleep", "1000"], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            print(f"ready {daemon.pid}", flush=True)
            time.sleep(3600)
            """)]);
        await process.WaitForAsync("ready");
        var daemon = await Jobs.ReadyIdAsync(() => process.Output);

        try
        {
            process.Signal(SIGTERM);
            var result = await process.WaitAsync();

            Assert.True(result.ExitCode == 128 + SIGTERM, result.ToString());
            Assert.True(ProcessState.IsAlive(daemon));
        }
        finally
        {
            EntrypointProcess.SendSignal(daemon, SIGKILL);
        }
    }
}

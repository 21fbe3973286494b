namespace Entrypoint.EndToEnd.Init;

public sealed class TimeoutTests
{
    [Fact]
    public async Task Ends_with_124()
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync([folder.Job(Jobs.Sleeper), "--timeout", "1s"]);

        Assert.True(result.ExitCode == 124, result.ToString());
    }

    [Fact]
    public async Task Sends_sigterm_first_and_ends_with_124_whatever_the_job_makes_of_it()
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync(
            [folder.Job(
                """
                import signal, sys, time
                signal.signal(signal.SIGTERM, lambda *_: (print("got TERM", flush=True), sys.exit(0)))
                while True: time.sleep(0.05)
                """), "--timeout", "1"]);

        Assert.True(result.ExitCode == 124, result.ToString());
        Assert.Contains("got TERM", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kills_after_the_grace_period()
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync([folder.Job(Jobs.Stubborn), "--timeout", "1s", "--grace-period", "1s"]);

        Assert.True(result.ExitCode == 124, result.ToString());
    }

    [Fact]
    public async Task Kills_after_ten_seconds_when_no_grace_period_is_given()
    {
        using var folder = new TemporaryFolder();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var result = await EntrypointProcess.RunAsync([folder.Job(Jobs.Stubborn), "--timeout", "1s"]);

        Assert.True(result.ExitCode == 124, result.ToString());
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(10.5), $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("90s")]
    [InlineData("15m")]
    [InlineData("2h")]
    [InlineData("7")]
    public async Task Does_not_touch_a_job_that_ends_in_time(string timeout)
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync([folder.Job(Jobs.Exit), "--timeout", timeout, "--", "9"]);

        Assert.True(result.ExitCode == 9, result.ToString());
    }

    [Fact]
    public async Task Counts_from_the_start_of_the_job()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Jobs.Exit);
        folder.Write("job/setup.sh", "sleep 3\n");

        var result = await EntrypointProcess.RunAsync([job, "--timeout", "2s", "--", "9"]);

        Assert.True(result.ExitCode == 9, result.ToString());
    }

    [Fact]
    public async Task Stops_a_stopped_job_too()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(Jobs.Sleeper), "--timeout", "2s", "--grace-period", "1s"]);
        await process.WaitForAsync("ready");
        EntrypointProcess.SendSignal(await Jobs.ReadyIdAsync(() => process.Output), SIGSTOP);

        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 124, result.ToString());
    }
}

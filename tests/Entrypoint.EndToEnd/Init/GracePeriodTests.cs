using System.Diagnostics;

namespace Entrypoint.EndToEnd.Init;

public sealed class GracePeriodTests
{
    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    public async Task Kills_a_job_that_ignores_the_signal(int signal)
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(Jobs.Stubborn), "--grace-period", "1s"]);
        await process.WaitForAsync("ready");
        var clock = Stopwatch.StartNew();

        process.Signal(signal);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGKILL, result.ToString());
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(0.9), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Kills_all_that_is_left_of_the_group()
    {
        using var folder = new TemporaryFolder();
        var mark = $"MARK={Guid.NewGuid():N}";
        using var process = EntrypointProcess.Start(
            [folder.Job(
                """
                import signal, subprocess, time
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                subprocess.Popen("sleep 1000 & sleep 1000", shell=True)
                print("ready", flush=True)
                time.sleep(3600)
                """), "--grace-period=1"],
            new Dictionary<string, string?> { ["MARK"] = mark["MARK=".Length..] });
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGKILL, result.ToString());
        await ProcessState.WaitUntilAsync(() => ProcessState.WithEnvironment(mark).Count == 0, "the whole group was gone");
    }

    [Fact]
    public async Task Kills_a_stopped_job()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(Jobs.Stubborn), "--grace-period", "1s"]);
        await process.WaitForAsync("ready");
        EntrypointProcess.SendSignal(await Jobs.ReadyIdAsync(() => process.Output), SIGSTOP);

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGKILL, result.ToString());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(28)]
    [InlineData(18)]
    public async Task Does_not_begin_with_a_signal_that_stops_nothing(int signal)
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start(
            [folder.Job(Jobs.SignalPrinter + "\n    if info.si_signo == 12: import time; time.sleep(2)"), "--grace-period", "1s"]);
        await process.WaitForAsync("ready");

        process.Signal(signal);
        process.Signal(SIGUSR2);
        process.Signal(SIGRTMAX);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 42, result.ToString());
    }

    [Fact]
    public async Task Leaves_a_job_alone_that_ends_within_it()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(
            """
            import signal, sys, time
            signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.5), print("cleaned up", flush=True), sys.exit(6)))
            print("ready", flush=True)
            while True: time.sleep(0.05)
            """), "--grace-period", "1m"]);
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 6, result.ToString());
        Assert.Contains("cleaned up", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Can_be_set_by_the_environment()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start(
            [folder.Job(Jobs.Stubborn)], new Dictionary<string, string?> { ["ENTRYPOINT_GRACE_PERIOD"] = "1s" });
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGKILL, result.ToString());
    }
}

using System.Net;
using System.Net.Sockets;

namespace Entrypoint.EndToEnd.Init;

/// <summary>Signals before the job has been started.</summary>
public sealed class StopWhilePreparingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StopWhilePreparingTests() => Directory.CreateDirectory(_folder["tmp"]);

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string?> Environment => new()
    {
        ["TMPDIR"] = _folder["tmp"],
        ["ENTRYPOINT_STATE"] = _folder["state"],
        ["MARK"] = Mark["MARK=".Length..],
    };

    private string Mark { get; } = $"MARK={Guid.NewGuid():N}";

    private string Job(string setup)
    {
        _folder.Write("job/setup.sh", setup);
        return _folder.Job($"open('{_folder["started"]}', 'w')");
    }

    private async Task AssertStoppedAsync(RunResult result, int exitCode)
    {
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.False(File.Exists(_folder["started"]), "the job was started");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
        await ProcessState.WaitUntilAsync(() => ProcessState.WithEnvironment(Mark).Count == 0, "nothing of the run was left");
    }

    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Stops_the_running_step_and_does_not_start_the_job(int signal)
    {
        var job = Job("echo ready\nsleep 1000 | sleep 1000\necho went on\n");
        using var process = EntrypointProcess.Start([job], Environment);
        await process.WaitForAsync("ready");

        process.Signal(signal);
        var result = await process.WaitAsync();

        Assert.DoesNotContain("went on", result.Output, StringComparison.Ordinal);
        await AssertStoppedAsync(result, 128 + signal);
    }

    [Fact]
    public async Task Stops_as_pid_1()
    {
        var job = Job("echo ready\nsleep 1000\n");
        using var process = EntrypointProcess.Start([job], Environment, wrapper: Wrapper.Pid1);
        await process.WaitForAsync("ready");

        EntrypointProcess.SendSignal(await process.ProgramIdAsync(), SIGTERM);
        var result = await process.WaitAsync();

        await AssertStoppedAsync(result, 128 + SIGTERM);
    }

    [Theory]
    [InlineData("--keep-going")]
    [InlineData("--requirements-only")]
    public async Task Stops_whatever_was_asked_for(string option)
    {
        var job = Job("echo ready\nsleep 1000\n");
        _folder.Write("job/requirements.txt", "--no-index\n");
        using var process = EntrypointProcess.Start([job, option], Environment);
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        await AssertStoppedAsync(result, 128 + SIGTERM);
        Assert.DoesNotContain("Executing: " + Interpreter.Program + " -m pip", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_even_when_the_step_takes_the_signal_as_success()
    {
        var job = Job("trap 'exit 0' TERM\necho ready\nsleep 1000 & wait\n");
        using var process = EntrypointProcess.Start([job], Environment);
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        await AssertStoppedAsync(result, 128 + SIGTERM);
    }

    [Fact]
    public async Task Kills_a_step_that_ignores_sigterm_after_the_grace_period()
    {
        var job = Job("trap '' TERM\necho ready\nsleep 1000\n");
        using var process = EntrypointProcess.Start([job, "--grace-period", "1s"], Environment);
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        await AssertStoppedAsync(result, 128 + SIGTERM);
    }

    [Fact]
    public async Task Kills_a_step_that_ignores_sigterm_after_ten_seconds_when_no_grace_period_is_given()
    {
        var job = Job("trap '' TERM\necho ready\nsleep 1000\n");
        using var process = EntrypointProcess.Start([job], Environment);
        await process.WaitForAsync("ready");
        var clock = System.Diagnostics.Stopwatch.StartNew();

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(9), $"{clock.Elapsed}");
        await AssertStoppedAsync(result, 128 + SIGTERM);
    }

    [Fact]
    public async Task Kills_what_the_step_started_and_left_ignoring_sigterm()
    {
        var job = Job("(trap '' TERM; echo ready; sleep 1000; sleep 1000) &\nwait\n");
        using var process = EntrypointProcess.Start([job, "--grace-period", "1s"], Environment);
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        await AssertStoppedAsync(result, 128 + SIGTERM);
    }

    [Fact]
    public async Task Kills_at_once_on_a_second_sigint()
    {
        var job = Job(
            """
            trap '' INT TERM
            echo ready
            while :; do sleep 1000; done
            """);
        using var process = EntrypointProcess.Start([job, "--grace-period", "1h"], Environment);
        await process.WaitForAsync("ready");

        process.Signal(SIGINT);
        await ProcessState.WaitUntilAsync(() => PendingSignals(process.Id) == 0, "the first SIGINT was taken");
        process.Signal(SIGINT);
        var result = await process.WaitAsync();

        await AssertStoppedAsync(result, 128 + SIGINT);
    }

    [Fact]
    public async Task Stops_while_pip_runs()
    {
        // An index that accepts connections and never says a word.
        using var index = new TcpListener(IPAddress.Loopback, 0);
        index.Start();
        var job = _folder.Job($"open('{_folder["started"]}', 'w')");
        _folder.Write("job/requirements.txt", $"--index-url http://127.0.0.1:{((IPEndPoint)index.LocalEndpoint).Port}/simple\nno-such-package\n");
        using var process = EntrypointProcess.Start([job], Environment);
        using var limit = new CancellationTokenSource(EntrypointProcess.Limit);
        using var connection = await index.AcceptTcpClientAsync(limit.Token);

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        // pip leaves folders of its own in TMPDIR when it is killed in the midst; the program's are gone.
        Assert.True(result.ExitCode == 128 + SIGTERM, result.ToString());
        Assert.False(File.Exists(_folder["started"]), "the job was started");
        Assert.All(Directory.EnumerateFileSystemEntries(_folder["tmp"]), path => Assert.StartsWith("pip-", Path.GetFileName(path), StringComparison.Ordinal));
        await ProcessState.WaitUntilAsync(() => ProcessState.WithEnvironment(Mark).Count == 0, "nothing of the run was left");
    }

    [Fact]
    public async Task Ignored_sighup_stays_ignored_while_preparing()
    {
        var job = Job($"echo ready\nuntil [ -e '{_folder["go"]}' ]; do sleep 0.05; done\n");
        using var process = EntrypointProcess.Start([job], Environment, wrapper: ["env", "--ignore-signal=HUP"]);
        await process.WaitForAsync("ready");

        process.Signal(SIGHUP);
        _folder.Write("go", "");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(File.Exists(_folder["started"]));
    }

    private static ulong PendingSignals(int processId)
    {
        var status = File.ReadAllLines($"/proc/{processId}/status");
        return Convert.ToUInt64(status.Single(line => line.StartsWith("ShdPnd:", StringComparison.Ordinal))["ShdPnd:".Length..].Trim(), 16);
    }
}

using System.Net;
using System.Net.Sockets;

namespace Entrypoint.EndToEnd.Init;

/// <summary>A signal at any point of a start stops it, and nothing is left.</summary>
public sealed class StopAnywhereTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StopAnywhereTests() => Directory.CreateDirectory(_folder["tmp"]);

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string?> Environment => new()
    {
        ["TMPDIR"] = _folder["tmp"],
        ["ENTRYPOINT_STATE"] = _folder["state"],
        ["MARK"] = Mark["MARK=".Length..],
    };

    private string Mark { get; } = $"MARK={Guid.NewGuid():N}";

    private async Task AssertStoppedAsync(RunResult result, int exitCode)
    {
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.False(File.Exists(_folder["started"]), "the job was started");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
        await ProcessState.WaitUntilAsync(() => ProcessState.WithEnvironment(Mark).Count == 0, "nothing of the run was left");
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/job.zip")]
    [InlineData("git+http://127.0.0.1:{0}/job.git")]
    [InlineData("git+git://127.0.0.1:{0}/job.git")]
    public async Task Stops_while_a_server_keeps_it_waiting(string reference)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var code = reference.Replace("{0}", $"{((IPEndPoint)server.LocalEndpoint).Port}", StringComparison.Ordinal);
        using var process = EntrypointProcess.Start([code], Environment);
        using var limit = new CancellationTokenSource(EntrypointProcess.Limit);
        using var connection = await server.AcceptTcpClientAsync(limit.Token);

        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        await AssertStoppedAsync(result, 128 + SIGTERM);
    }

    [Fact]
    public async Task Stops_at_any_line_that_is_printed()
    {
        var job = ArchivedJob();
        using (var whole = EntrypointProcess.Start([job], Environment))
        {
            await whole.WaitForAsync("ready");
            whole.Signal(SIGTERM);
            var result = await whole.WaitAsync();
            Assert.True(result.ExitCode == 128 + SIGTERM, result.ToString());
        }

        // One run for each line that there can be; a signal that comes after the job has been started goes to it.
        for (var line = 1; line <= 12; line++)
        {
            using var process = EntrypointProcess.Start([job], Environment);
            await ProcessState.WaitUntilAsync(
                () => process.Output.Count(character => character == '\n') >= line || process.Output.Contains("ready", StringComparison.Ordinal),
                $"line {line} was printed");
            process.Signal(SIGTERM);
            await AssertStoppedWhereverItWasAsync(await process.WaitAsync(), $"line {line}");
        }
    }

    [Fact]
    public async Task Stops_at_any_moment()
    {
        var job = ArchivedJob();
        for (var milliseconds = 1; milliseconds <= 100; milliseconds += milliseconds < 40 ? 1 : 10)
        {
            using var process = EntrypointProcess.Start([job], Environment);
            await Task.Delay(milliseconds);
            process.Signal(SIGTERM);
            await AssertStoppedWhereverItWasAsync(await process.WaitAsync(), $"{milliseconds} ms");
        }
    }

    [Fact]
    public async Task Takes_a_signal_that_was_there_before_it_started()
    {
        var job = ArchivedJob();
        using var process = EntrypointProcess.Start(
            [job], Environment, wrapper: [.. Wrapper.Pid1, "env", "--block-signal=TERM", .. Wrapper.Shell("kill -TERM $$; exec \"$@\"")]);

        var result = await process.WaitAsync();

        await AssertStoppedWhereverItWasAsync(result, "before the start");
    }

    /// <summary>An archive (so that there is a temporary folder) with a step before the job, which says "ready" and waits for ever.</summary>
    private string ArchivedJob()
    {
        _folder.Job(
            """
            import time
            print('ready', flush=True)
            while True: time.sleep(3600)
            """);
        _folder.Write("job/setup.sh", "echo in setup\n");
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["job"], _folder["job.zip"]);
        return _folder["job.zip"];
    }

    private async Task AssertStoppedWhereverItWasAsync(RunResult result, string moment)
    {
        Assert.True(result.ExitCode == 128 + SIGTERM, $"{moment}: {result}");
        var left = Directory.EnumerateFileSystemEntries(_folder["tmp"]).ToList();
        Assert.True(left.Count == 0, $"{moment}: {string.Join(' ', left)} is left\n{result}");
        await ProcessState.WaitUntilAsync(() => ProcessState.WithEnvironment(Mark).Count == 0, "nothing of the run was left");
    }
}

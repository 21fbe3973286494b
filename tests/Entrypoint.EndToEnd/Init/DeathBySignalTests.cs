using System.Collections.Concurrent;

namespace Entrypoint.EndToEnd.Init;

public sealed class DeathBySignalTests
{
    private const string KillsItself =
        """
        import os, resource, signal, sys
        number = int(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        if number not in (9, 32, 33):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        """;

    /// <summary>All whose default is to end the process: neither ignored (CHLD, CONT, URG, WINCH) nor stopping.</summary>
    private static IEnumerable<int> Deadly => Enumerable.Range(1, 64).Except([17, 18, 19, 20, 21, 22, 23, 28]);

    [Fact]
    public async Task Ends_with_128_plus_the_number_of_any_signal()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(KillsItself);
        var wrong = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(Deadly, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (signal, _) =>
        {
            var result = await EntrypointProcess.RunAsync([job, "--", $"{signal}"]);
            if (result.ExitCode != 128 + signal)
            {
                wrong.Add($"{signal}: {result}");
            }
        });

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(15)]
    [InlineData(64)]
    public async Task Ends_with_128_plus_the_number_as_pid_1(int signal)
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync([folder.Job(KillsItself), "--", $"{signal}"], wrapper: Wrapper.Pid1);

        Assert.True(result.ExitCode == 128 + signal, result.ToString());
    }

    [Fact]
    public async Task Ends_with_137_when_the_job_is_killed_from_outside()
    {
        using var folder = new TemporaryFolder();
        using var process = EntrypointProcess.Start([folder.Job(Jobs.Sleeper)]);
        await process.WaitForAsync("ready");

        EntrypointProcess.SendSignal(await Jobs.ReadyIdAsync(() => process.Output), SIGKILL);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGKILL, result.ToString());
        Assert.Contains("SIGKILL", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_134_when_the_job_leaves_a_core_file()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(
            """
            import os, resource
            hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
            os.abort()
            """);

        var result = await EntrypointProcess.RunAsync([job], workingDirectory: folder.Path);

        Assert.True(result.ExitCode == 134, result.ToString());
    }
}

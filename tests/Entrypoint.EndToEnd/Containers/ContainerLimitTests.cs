namespace Entrypoint.EndToEnd.Containers;

/// <summary>Limits of a container: its CPUs, its memory, its processes.</summary>
[Collection(ContainerImages.Collection)]
public sealed class ContainerLimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Mounted(string python) =>
        ["--volume", $"{_folder.Job(python)}:/workspace/ml-job/", "--env", "EXECUTE_CODE=/workspace/ml-job/"];

    [Fact]
    public async Task Ends_with_137_when_the_job_needs_more_memory_than_there_is()
    {
        var options = Mounted(
            """
            held = bytearray(1 << 30)
            held[::4096] = b'x' * (1 << 18)
            print('too much')
            """);

        var result = await Podman.RunAsync(ContainerImages.Jobs, ["--memory", "96m", "--memory-swap", "96m", .. options]);

        Assert.True(result.ExitCode == 128 + SIGKILL, result.ToString());
        Assert.DoesNotContain("too much", result.Output, StringComparison.Ordinal);
        Assert.Contains("[ERROR] Execution failed with exit code: 137", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("0.5", "1")]
    [InlineData("1.5", "2")]
    public async Task Counts_the_cpus_of_the_container(string cpus, string expected)
    {
        var options = Mounted("import os; print('threads', os.environ['OMP_NUM_THREADS'], os.environ['SPARK_WORKER_CORES'])");

        var result = await Podman.RunAsync(
            ContainerImages.Jobs, ["--cpus", cpus, "--env", "MAX_NUM_THREADS=auto", "--env", "SPARK_WORKER_CORES=7", .. options]);

        var atMost = Math.Min(int.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Environment.ProcessorCount);
        Assert.Contains($"threads {atMost} 7", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_the_cpus_that_the_scheduler_may_use()
    {
        var options = Mounted("import os; print('threads', os.environ['OMP_NUM_THREADS'])");

        var result = await Podman.RunAsync(ContainerImages.Jobs, ["--cpuset-cpus", "0", "--env", "MAX_NUM_THREADS=auto", .. options]);

        Assert.Contains("threads 1", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--own-end", 5)]
    [InlineData("--timeout", 124)]
    public async Task A_job_that_takes_all_memory_and_all_processes_of_its_container_ends_as_it_should(string end, int exitCode)
    {
        string[] options =
        [
            .. Mounted(
                """
                import os, sys, time
                end = time.monotonic() + float(sys.argv[1])
                while time.monotonic() < end:
                    try:
                        if os.fork() == 0:
                            held = []
                            while time.monotonic() < end:
                                held.append(os.urandom(4096) * 256)
                            os._exit(9)
                    except OSError:
                        time.sleep(0.01)
                os._exit(5)
                """),
            "--memory", "64m", "--memory-swap", "64m", "--pids-limit", "40",
        ];
        string[] limit = end == "--timeout" ? ["--timeout", "3s"] : [];

        var result = await Podman.RunAsync(ContainerImages.Jobs, options, [.. limit, "--", end == "--timeout" ? "3600" : "3"]);

        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.DoesNotContain("   at ", result.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Execution failed with exit code: {exitCode}", result.Output, StringComparison.Ordinal);
    }
}

using System.Collections.Concurrent;

namespace Entrypoint.EndToEnd.Init;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task Passes_on_every_exit_code()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Jobs.Exit);
        var wrong = new ConcurrentBag<string>();

        await Parallel.ForAsync(0, 256, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (code, _) =>
        {
            var result = await EntrypointProcess.RunAsync([job, "--", $"{code}"]);
            if (result.ExitCode != code)
            {
                wrong.Add($"{code}: {result}");
            }
        });

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("import sys; sys.exit(259)", 3)]
    [InlineData("import sys; sys.exit(-1)", 255)]
    [InlineData("import sys; sys.exit('no more')", 1)]
    [InlineData("raise RuntimeError('no more')", 1)]
    [InlineData("def (", 1)]
    [InlineData("raise KeyboardInterrupt", 128 + SIGINT)]
    public async Task Passes_on_what_python_makes_of_the_end(string python, int expected)
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync([folder.Job(python)]);

        Assert.True(result.ExitCode == expected, result.ToString());
    }

    [Fact]
    public async Task Passes_on_the_exit_code_as_pid_1()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Jobs.Exit);

        foreach (var code in new[] { 0, 1, 2, 32, 64, 126, 127, 128, 137, 254, 255 })
        {
            var result = await EntrypointProcess.RunAsync([job, "--", $"{code}"], wrapper: Wrapper.Pid1);
            Assert.True(result.ExitCode == code, $"{code}: {result}");
        }
    }

    [Fact]
    public async Task Says_how_the_job_ended()
    {
        using var folder = new TemporaryFolder();
        var job = folder.Job(Jobs.Exit);

        var failed = await EntrypointProcess.RunAsync([job, "--", "9"]);
        var succeeded = await EntrypointProcess.RunAsync([job, "--", "0"]);

        Assert.Contains("9", failed.Output.Split('\n').Single(line => line.Contains("exit code", StringComparison.OrdinalIgnoreCase)), StringComparison.Ordinal);
        Assert.DoesNotContain("[ERROR]", succeeded.Output, StringComparison.Ordinal);
    }
}

using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>A job that prints as fast as it can into a pipe, with and without us.</summary>
internal sealed class Output() : Scenario("output")
{
    /// <summary>"At the speed it has without us", and what two runs of the same differ by.</summary>
    private const double Limit = 1.05;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        await Task.CompletedTask;
        var megabytes = bench.Choose(2048, 256);
        var job = bench.Job("loud",
            $"""
            import os
            block = b'x' * 65535 + b'\n'
            for _ in range({megabytes * 16}):
                os.write(1, block)
            """);
        var samples = new Dictionary<string, IReadOnlyList<Sample>>();
        Contestant[] contestants = [.. StartUp.Contestants(bench, job).Take(2)];
        foreach (var contestant in contestants)
        {
            samples[contestant.Name] = new List<Sample>();
        }

        for (var round = 0; round < bench.Choose(7, 3); round++)
        {
            foreach (var contestant in contestants)
            {
                var (sample, bytes) = TimedProcess.RunAndRead(contestant.Command, bench.Log);
                if (bytes < (long)megabytes << 20)
                {
                    throw new InvalidOperationException($"{contestant.Name} printed {bytes} bytes only.");
                }

                ((List<Sample>)samples[contestant.Name]).Add(sample);
            }
        }

        yield return Times($"{megabytes} MiB of job output", samples, "entrypoint", "python job", Limit);
    }
}

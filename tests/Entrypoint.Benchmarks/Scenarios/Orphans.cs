using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>Orphans reaped as PID 1.</summary>
internal sealed class Orphans() : Scenario("orphans")
{
    /// <summary>How many are there at once.</summary>
    private const int Batch = 1000;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        var count = bench.Choose(10_000, 2_000);
        var program = bench["orphans"];
        await bench.PrepareAsync("gcc", "-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, "orphans.c"));
        var job = bench.Job("parent",
            $"""
            import os
            os.execv('{program}', ['{program}', '{count}', '{Batch}'])
            """);
        string[] first = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
        Contestant[] contestants =
        [
            .. from contestant in StartUp.Contestants(bench, job)
               where contestant.Name is "entrypoint" or "tini" or "dumb-init"
               select contestant with { Command = contestant.Command with { Words = [.. first, .. contestant.Command.Words] } },
        ];
        var samples = Contestant.Alternate(contestants, bench.Choose(5, 2), bench.Log);
        yield return Times($"{count} orphans as PID 1", samples, "entrypoint", "tini");
        yield return Times($"{count} orphans as PID 1", samples, "entrypoint", "dumb-init");
    }
}

using System.Globalization;
using Entrypoint.Benchmarks.Data;
using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.EndToEnd.VersionControl;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>Many starts of one job at once, as the workers of a cluster do. What counts is processor time: they share the processors.</summary>
internal sealed class Workers() : Scenario("workers")
{
    private const double MostForPrepared = 1.3;
    private const double MostForFetched = 1.5;
    private const double MostAdded = 0.060;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        foreach (var count in bench.Choose<int[]>([1, 8, 32, 128], [1, 4]))
        {
            yield return Prepared(bench, count);
        }

        var repository = await GitRepository.MakeAsync(bench["code.git"], files: 1000, commits: 3, bench.PrepareAsync);
        await using var server = await GitHttpServer.StartAsync(bench.Root);
        yield return Fetched(bench, server, bench.Choose(32, 4));
        yield return Pinned(bench, server, repository);
    }

    private Row Prepared(Workbench bench, int count)
    {
        var job = bench.Job("prepared");
        AtOnce(bench.Entrypoint(job), 1, bench);
        var rounds = bench.Choose(count < 32 ? 11 : 3, 1);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(AtOnce(bench.Entrypoint(job), count, bench));
            theirs.Add(AtOnce(new Command(Workbench.Python, job) { Environment = bench.Environment }, count, bench));
        }

        var ratio = new Series(ours).Median / new Series(theirs).Median;
        return new Row(
            Name, $"{count} at once of one job: processor time", Quantity.Time(new Series(ours)), "python job", Quantity.Time(new Series(theirs)), ratio, Bound.Ratio(ratio, MostForPrepared))
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { ["entrypoint, s"] = ours, ["python job, s"] = theirs },
        };
    }

    /// <summary>One of them fetches; what the others do is no more than a job of a path, and a question to the server.</summary>
    private Row Fetched(Workbench bench, GitHttpServer server, int count)
    {
        var environment = new Dictionary<string, string?>(bench.Environment) { ["ENTRYPOINT_CODE_CACHE"] = "1GiB" };
        var own = bench.Entrypoint($"git+http://{server.Host}/code.git@main") with { Environment = environment };
        var alone = new Command(Workbench.Python, bench.Job("empty")) { Environment = bench.Environment };
        var (ours, one, python) = (new List<double>(), new List<double>(), new List<double>());
        var received = 0L;
        for (var round = 0; round < bench.Choose(3, 1); round++)
        {
            bench.Remove("state");
            one.Add(AtOnce(own, 1, bench));
            bench.Remove("state");
            var before = server.BytesSent;
            ours.Add(AtOnce(own, count, bench));
            received = server.BytesSent - before;
            python.Add(AtOnce(alone, count - 1, bench));
        }

        var ideal = new Series(one).Median + new Series(python).Median;
        var ratio = new Series(ours).Median / ideal;
        var size = Quantity.Size(received);
        return new Row(
            Name,
            string.Create(CultureInfo.InvariantCulture, $"{count} at once of one git job with the code cache: processor time ({size} received)"),
            Quantity.Time(new Series(ours)),
            $"one alone, and {count - 1} times python job",
            Quantity.Time(ideal),
            ratio,
            Bound.Ratio(ratio, MostForFetched))
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { ["entrypoint, s"] = ours, ["one, s"] = one, ["python job, s"] = python },
            Chart = new Chart(
                "workers",
                $"Processor time of {count} workers of one git job, and of one",
                "0.00 's'",
                [new ChartBar($"{count} workers", new Series(ours).Median), new ChartBar("one worker", new Series(one).Median), new ChartBar($"{count - 1} times python job", new Series(python).Median)]),
        };
    }

    /// <summary>A commit id that the cache holds needs no network: what is left is the copy.</summary>
    private Row Pinned(Workbench bench, GitHttpServer server, GitRepository repository)
    {
        const string cached = "pinned commit, cached";
        const string path = "path";
        var environment = new Dictionary<string, string?>(bench.Environment) { ["ENTRYPOINT_CODE_CACHE"] = "1GiB" };
        var samples = Contestant.Alternate(
            [
                new(cached, bench.Entrypoint($"git+http://{server.Host}/code.git@{repository.OldCommit}") with { Environment = environment }),
                new(path, bench.Entrypoint(bench.Job("empty"))),
            ],
            bench.Choose(15, 3),
            bench.Log,
            warmUp: 1);
        var added = new Series([.. samples[cached].Zip(samples[path], (with, without) => (with.Wall - without.Wall).TotalSeconds)]);
        return new Row(Name, "second start of a pinned commit of 1000 files: added to a job of a path", Quantity.Time(added), "", "", null, new Bound(added.Median, MostAdded, "≤ 60 ms"))
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { ["added, s"] = added.Values },
        };
    }

    /// <summary>Seconds of processor time, of all of them and their jobs.</summary>
    private static double AtOnce(Command command, int count, Workbench bench)
    {
        TimedProcess[] processes = [.. Enumerable.Range(0, count).Select(index => TimedProcess.Start(command, bench[$"output{index}.log"]))];
        return processes.Sum(process => process.Wait().Cpu.TotalSeconds);
    }
}

using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>From start to end of a job that does nothing: what each launcher adds to it.</summary>
internal sealed class StartUp() : Scenario("start")
{
    private const string Alone = "python job";
    private const string Ours = "entrypoint";
    private const string Launcher = "Python launcher";

    /// <summary>What it may add, by what the least launcher in Python adds.</summary>
    private const double Limit = 0.12;

    /// <summary>What it may add, in seconds.</summary>
    private const double MostAdded = 0.004;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        await Task.CompletedTask;
        var job = bench.Job("empty");
        var samples = Contestant.Alternate(Contestants(bench, job), bench.Choose(60, 15), bench.Log, warmUp: 3);
        yield return Times("start to end of an empty job", samples, Ours, Alone);
        yield return Times("start to end of an empty job", samples, Ours, "tini");
        yield return Times("start to end of an empty job", samples, Ours, "dumb-init");
        yield return Times("start to end of an empty job", samples, Ours, Launcher);

        // Each round's own difference, so that what the machine does in a slow minute is in both.
        var (ours, launcher) = (Added(samples, Ours), Added(samples, Launcher));
        var ratio = ours.Median / launcher.Median;
        yield return new Row(
            Name, $"what it adds to `{Alone}`", Quantity.Time(ours), Launcher, Quantity.Time(launcher), ratio, Bound.Ratio(ratio, Limit))
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { [$"{Ours}, s"] = ours.Values, [$"{Launcher}, s"] = launcher.Values },
            Chart = new Chart(
                "start",
                "What it adds to the start and end of an empty Python job",
                "0.0 'ms'",
                [.. ((string[])[Ours, "tini", "dumb-init", Launcher]).Select(name => new ChartBar(name, Added(samples, name).Median * 1000))]),
        };
        yield return new Row(Name, $"what it adds to `{Alone}`, at most", Quantity.Time(ours), "", "", null, new Bound(ours.Median, MostAdded, "≤ 4 ms"));
        foreach (var other in (string[])["tini", "dumb-init"])
        {
            var theirs = Added(samples, other);
            yield return new Row(Name, $"what it adds to `{Alone}`", Quantity.Time(ours), other, Quantity.Time(theirs), null);
        }

        var (cpu, theirCpu) = (Cpu(samples, Ours), Cpu(samples, Launcher));
        yield return new Row(Name, "processor time of it and the job", Quantity.Time(cpu), Launcher, Quantity.Time(theirCpu), cpu.Median / theirCpu.Median);
    }

    /// <summary>Every launcher, and none, for one job.</summary>
    public static IReadOnlyList<Contestant> Contestants(Workbench bench, string job) =>
    [
        new(Alone, new Command(Workbench.Python, job) { Environment = bench.Environment }),
        new(Ours, bench.Entrypoint(job)),
        new("tini", new Command("tini", "-s", "--", Workbench.Python, job) { Environment = bench.Environment }),
        new("dumb-init", new Command("dumb-init", Workbench.Python, job) { Environment = bench.Environment }),
        new(Launcher, new Command(Workbench.Python, Path.Combine(AppContext.BaseDirectory, "launcher.py"), job) { Environment = bench.Environment }),
    ];

    private static Series Added(IReadOnlyDictionary<string, IReadOnlyList<Sample>> samples, string name) =>
        new([.. samples[name].Zip(samples[Alone], (with, without) => (with.Wall - without.Wall).TotalSeconds)]);

    private static Series Cpu(IReadOnlyDictionary<string, IReadOnlyList<Sample>> samples, string name) =>
        new([.. samples[name].Select(sample => sample.Cpu.TotalSeconds)]);
}

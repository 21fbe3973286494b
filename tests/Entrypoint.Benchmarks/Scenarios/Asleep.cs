using System.Globalization;
using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.EndToEnd;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>Memory, processor time and wake-ups of what stands between the caller and the job, while the job sleeps.</summary>
internal sealed class Asleep() : Scenario("sleep")
{
    private const string Ours = "entrypoint";
    private const double MostResident = 6 << 20;
    private const double MostPrivate = 1.5 * (1 << 20);

    private static readonly string[] Others = ["Python launcher", "tini", "dumb-init"];

    /// <summary>What one of them held and used.</summary>
    /// <param name="Resident">Bytes.</param>
    /// <param name="PrivateDirty">Bytes that are its alone, and that no file holds.</param>
    /// <param name="Busy">Seconds on a processor, a second.</param>
    /// <param name="Awakenings">How often one of its threads was put on a processor.</param>
    private sealed record Sleep(double Resident, double PrivateDirty, double Busy, double Awakenings);

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        var seconds = bench.Choose(10, 1);
        var samples = StartUp.Contestants(bench, "").ToDictionary(contestant => contestant.Name, _ => new List<Sleep>());
        var ready = bench["ready"];
        var job = bench.Job("sleeper",
            $"""
            import time
            open({Literal(ready)}, 'w').close()
            time.sleep({seconds + 2})
            """);
        for (var round = 0; round < bench.Choose(3, 1); round++)
        {
            foreach (var contestant in StartUp.Contestants(bench, job).Where(contestant => contestant.Name == Ours || Others.Contains(contestant.Name)))
            {
                File.Delete(ready);
                samples[contestant.Name].Add(await MeasureAsync(contestant, job, ready, seconds, bench));
            }
        }

        foreach (var row in Compare(samples, "resident memory while a job sleeps", sleep => sleep.Resident, Quantity.Size, new Bound(0, MostResident, "≤ 6 MiB"), Memory(samples)))
        {
            yield return row;
        }

        foreach (var row in Compare(samples, "private memory of that (dirty)", sleep => sleep.PrivateDirty, Quantity.Size, new Bound(0, MostPrivate, "≤ 1.5 MiB")))
        {
            yield return row;
        }

        foreach (var row in Compare(samples, $"awakenings in {seconds} s while a job sleeps", sleep => sleep.Awakenings, Count, new Bound(0, 0, "0")))
        {
            yield return row;
        }

        foreach (var row in Compare(samples, "processor time a second while a job sleeps", sleep => sleep.Busy, Quantity.Time))
        {
            yield return row;
        }
    }

    private static async Task<Sleep> MeasureAsync(Contestant contestant, string job, string ready, int seconds, Workbench bench)
    {
        var process = TimedProcess.Start(contestant.Command, bench.Log);
        await ProcessState.WaitUntilAsync(() => File.Exists(ready), "the job runs");
        await Task.Delay(TimeSpan.FromSeconds(1));
        int[] launchers = [.. Launchers(process.Id, job)];
        var (busy, awakenings) = (launchers.Sum(Busy), launchers.Sum(Awakenings));
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var sleep = new Sleep(
            launchers.Sum(id => Bytes(id, "Rss:")),
            launchers.Sum(id => Bytes(id, "Private_Dirty:")),
            (launchers.Sum(Busy) - busy) / seconds,
            launchers.Sum(Awakenings) - awakenings);
        process.Wait();
        return sleep;
    }

    private IEnumerable<Row> Compare(
        Dictionary<string, List<Sleep>> samples, string what, Func<Sleep, double> figure, Func<double, string> text, Bound? limit = null, Chart? chart = null)
    {
        var ours = new Series([.. samples[Ours].Select(figure)]);
        foreach (var other in Others)
        {
            var theirs = new Series([.. samples[other].Select(figure)]);
            var isFirst = other == Others[0];
            yield return new Row(
                Name,
                what,
                text(ours.Median),
                other,
                text(theirs.Median),
                theirs.Median > 0 ? ours.Median / theirs.Median : null,
                isFirst && limit is not null ? limit with { Value = ours.Median } : null)
            {
                Values = new Dictionary<string, IReadOnlyList<double>> { [Ours] = ours.Values, [other] = theirs.Values },
                Chart = isFirst ? chart : null,
            };
        }
    }

    private static Chart Memory(Dictionary<string, List<Sleep>> samples) => new(
        "memory",
        "Resident memory while a job sleeps",
        "0.0 'MiB'",
        [.. ((string[])[Ours, "tini", "dumb-init", "Python launcher"]).Select(name =>
            new ChartBar(name, new Series([.. samples[name].Select(sleep => sleep.Resident / (1 << 20))]).Median))]);

    /// <summary>All that was started but the job itself, which is the last of the chain.</summary>
    private static IEnumerable<int> Launchers(int root, string job) => ProcessState.Tree(root).Select(process => process.Id).Where(id =>
    {
        var words = File.ReadAllText($"/proc/{id}/cmdline").TrimEnd('\0').Split('\0');
        return !(words.Length == 2 && words[1] == job && Path.GetFileName(words[0]).StartsWith("python", StringComparison.Ordinal));
    });

    /// <summary>Bytes, from the kernel's sum over all mappings.</summary>
    private static double Bytes(int id, string name) => 1024 * Number(File.ReadLines($"/proc/{id}/smaps_rollup").Single(line => line.StartsWith(name, StringComparison.Ordinal)));

    /// <summary>Seconds on a processor so far, of all its threads.</summary>
    private static double Busy(int id) => 1e-9 * Directory.EnumerateDirectories($"/proc/{id}/task")
        .Sum(thread => double.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>How often its threads have gone to sleep so far: once for each time that they were awake.</summary>
    private static double Awakenings(int id) => Directory.EnumerateDirectories($"/proc/{id}/task")
        .Sum(thread => Number(File.ReadLines(Path.Combine(thread, "status")).Single(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))));

    private static double Number(string line) => double.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static string Count(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Literal(string text) => $"'{text}'";
}

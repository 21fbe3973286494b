using System.Globalization;
using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.EndToEnd;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>Memory and processor time of what stands between the caller and the job, while the job sleeps.</summary>
internal sealed class Asleep() : Scenario("sleep")
{
    private const double MostResident = 10 << 20;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        var seconds = bench.Choose(2, 1);
        var ready = bench["ready"];
        var job = bench.Job("sleeper", $"import time\nopen({Literal(ready)}, 'w').close()\ntime.sleep({seconds + 1})\n");
        var resident = new Dictionary<string, List<double>>();
        var busy = new Dictionary<string, List<double>>();
        for (var round = 0; round < bench.Choose(3, 1); round++)
        {
            foreach (var contestant in StartUp.Contestants(bench, job))
            {
                File.Delete(ready);
                var process = TimedProcess.Start(contestant.Command, bench.Log);
                await ProcessState.WaitUntilAsync(() => File.Exists(ready), "the job runs");
                await Task.Delay(TimeSpan.FromSeconds(0.5));
                int[] launchers = [.. Launchers(process.Id, job)];
                var before = launchers.Sum(Busy);
                await Task.Delay(TimeSpan.FromSeconds(seconds - 0.5));
                Add(busy, contestant.Name, (launchers.Sum(Busy) - before) / (seconds - 0.5));
                Add(resident, contestant.Name, launchers.Sum(Resident));
                process.Wait();
            }
        }

        var (ours, myBusy) = (new Series(resident["entrypoint"]), new Series(busy["entrypoint"]));
        foreach (var other in (string[])["Python launcher", "tini", "dumb-init"])
        {
            var theirs = new Series(resident[other]);
            yield return new Row(
                Name,
                "resident memory while a job sleeps",
                Quantity.Size(ours.Median),
                other,
                Quantity.Size(theirs.Median),
                ours.Median / theirs.Median,
                other == "Python launcher" ? new Bound(ours.Median, MostResident, "≤ 10 MiB") : null)
            {
                Values = new Dictionary<string, IReadOnlyList<double>> { ["entrypoint, bytes"] = ours.Values, [$"{other}, bytes"] = theirs.Values },
            };
        }

        foreach (var other in (string[])["Python launcher", "tini", "dumb-init"])
        {
            yield return new Row(Name, "processor time a second while a job sleeps", Quantity.Time(myBusy.Median), other, Quantity.Time(new Series(busy[other]).Median), null);
        }
    }

    /// <summary>All that was started but the job itself, which is the last of the chain.</summary>
    private static IEnumerable<int> Launchers(int root, string job) => ProcessState.Tree(root).Select(process => process.Id).Where(id =>
    {
        var words = File.ReadAllText($"/proc/{id}/cmdline").TrimEnd('\0').Split('\0');
        return !(words.Length == 2 && words[1] == job && Path.GetFileName(words[0]).StartsWith("python", StringComparison.Ordinal));
    });

    /// <summary>Bytes, from <c>VmRSS</c>.</summary>
    private static double Resident(int id) => 1024 * File.ReadLines($"/proc/{id}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
        .Single();

    /// <summary>Seconds on a processor so far, of all its threads.</summary>
    private static double Busy(int id) => 1e-9 * Directory.EnumerateDirectories($"/proc/{id}/task")
        .Sum(thread => double.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture));

    private static void Add(Dictionary<string, List<double>> all, string name, double value)
    {
        if (!all.TryGetValue(name, out var values))
        {
            all[name] = values = [];
        }

        values.Add(value);
    }

    private static string Literal(string text) => $"'{text}'";
}

using System.Globalization;
using Entrypoint.Benchmarks.Data;
using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>How times grow with the size of what is asked: straight lines are expected.</summary>
internal sealed class Growth() : Scenario("growth")
{
    /// <summary>What one more of a thousand may cost, by what one more of ten costs, before the line counts as bent.</summary>
    private const double Straight = 1.5;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        await bench.PrepareAsync(Workbench.Python, "-m", "venv", bench["venv"]);
        yield return Line("nested requirement files, second start", bench.Choose<int[]>([1, 10, 100, 1000], [1, 10, 100]), count =>
        {
            var own = bench.Entrypoint("--python", bench["venv", "bin", "python"], Nested(bench, count));
            TimedProcess.Run(own, bench.Log);
            return Repeat(bench, own, 7);
        });

        int[] entries = bench.Choose<int[]>([100, 1000, 10_000, 100_000], [100, 1000, 5000]);
        yield return Line("entries of a tar.gz", entries, count =>
        {
            Archives.WriteSmallTarGz(bench["small.tar.gz"], count);
            return Repeat(bench, bench.Entrypoint(bench["small.tar.gz"]), count > 10_000 ? 1 : 3);
        });
        yield return Line("entries of a zip", entries, count =>
        {
            bench.Remove("small.zip");
            Archives.WriteZip(bench["small.zip"], count, Archives.Line);
            return Repeat(bench, bench.Entrypoint(bench["small.zip"]), count > 10_000 ? 1 : 3);
        });

        yield return Line("starts at once of one job, nothing prepared", bench.Choose<int[]>([1, 2, 4, 8, 16, 32], [1, 4]), count =>
        {
            bench.Remove("state");
            return AtOnce(bench, Nested(bench, 1), count);
        });
        yield return Line("starts at once of one job, prepared", bench.Choose<int[]>([1, 2, 4, 8, 16, 32], [1, 4]), count => AtOnce(bench, Nested(bench, 1), count));
    }

    private Row Line(string what, int[] counts, Func<int, double> measure)
    {
        double[] seconds = [.. counts.Select(measure)];

        // The cost of one more: between the last two points, and between the first and the last but one.
        var last = (seconds[^1] - seconds[^2]) / (counts[^1] - counts[^2]);
        var before = counts.Length > 2 ? (seconds[^2] - seconds[0]) / (counts[^2] - counts[0]) : last;
        var ratio = last / before;
        var points = string.Join(", ", counts.Zip(seconds, (count, time) => string.Create(CultureInfo.InvariantCulture, $"{count}: {Quantity.Time(time)}")));
        var shape = ratio <= Straight ? "a straight line" : "bends upwards";
        return new Row(Name, what, points, shape, $"{Quantity.Time(last)} for one more, before {Quantity.Time(before)}", null, null)
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { ["count"] = [.. counts.Select(count => (double)count)], ["s"] = seconds },
        };
    }

    private static double Repeat(Workbench bench, Command command, int times) =>
        Series.Seconds([.. Enumerable.Range(0, bench.Choose(times, 1)).Select(_ => TimedProcess.Run(command, bench.Log))]).Median;

    private static double AtOnce(Workbench bench, string job, int count)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        TimedProcess[] processes =
        [
            .. Enumerable.Range(0, count).Select(i =>
                TimedProcess.Start(bench.Entrypoint("--python", bench["venv", "bin", "python"], job), bench[$"output{i}.log"])),
        ];
        foreach (var process in processes)
        {
            process.Wait();
        }

        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>A job whose requirements.txt names so many others.</summary>
    private static string Nested(Workbench bench, int count)
    {
        var job = bench.Job($"nested{count}");
        File.WriteAllText(Path.Combine(job, "requirements.txt"), "--no-index\n" + string.Concat(Enumerable.Range(1, count).Select(i => $"-r part{i}.txt\n")));
        for (var i = 1; i <= count; i++)
        {
            File.WriteAllText(Path.Combine(job, $"part{i}.txt"), "pip\n");
        }

        return job;
    }
}

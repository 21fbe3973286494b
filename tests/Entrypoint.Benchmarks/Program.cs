using System.Diagnostics;
using Entrypoint.Benchmarks;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.Benchmarks.Scenarios;

// What is measured, and in which order; `--only` chooses.
Scenario[] scenarios =
[
    new StartUp(),
    new Asleep(),
    new Output(),
    new Orphans(),
    new GitFetch(),
    new OtherFetch(),
    new Downloads(),
    new SmallFiles(),
    new FirstStart(),
    new SecondStart(),
    new Workers(),
    new Growth(),
    new InProcess(),
    new ExecutableSize(),
];

if (BenchmarkArguments.Read(args, scenarios) is not { } arguments)
{
    return 64;
}

var startedAt = DateTimeOffset.UtcNow;
var clock = Stopwatch.StartNew();
var rows = new List<Row>();
var broken = new List<string>();
foreach (var scenario in arguments.Scenarios)
{
    var since = clock.Elapsed;
    var folder = Directory.CreateTempSubdirectory($"entrypoint-benchmark-{scenario.Name}-");
    try
    {
        await foreach (var row in scenario.RunAsync(new Workbench(folder.FullName, arguments.IsQuick)))
        {
            rows.Add(row);
            await Console.Error.WriteLineAsync($"   {row.What}: {row.Ours}, {row.Against} {row.Theirs}{(row.Met == false ? " NOT MET" : "")}");
        }
    }
    catch (Exception exception)
    {
        // One that cannot be measured says so, and the others are measured all the same.
        broken.Add(scenario.Name);
        await Console.Error.WriteLineAsync($"{scenario.Name}: {exception}");
    }
    finally
    {
        folder.Delete(recursive: true);
    }

    await Console.Error.WriteLineAsync($"== {scenario.Name}: {(clock.Elapsed - since).TotalSeconds:0} s");
}

var machine = Machine.Describe(startedAt);
Console.WriteLine(MarkdownTable.Of(rows, machine));
new JsonFile(machine, startedAt, clock.Elapsed.TotalSeconds, rows).Write(arguments.JsonFile);
foreach (var chart in rows.Select(row => row.Chart).OfType<Chart>())
{
    chart.Write(arguments.ChartFolder);
}

if (broken.Count > 0)
{
    await Console.Error.WriteLineAsync($"Not measured: {string.Join(", ", broken)}");
}

return broken.Count == 0 ? 0 : 1;

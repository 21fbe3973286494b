using System.Globalization;
using Entrypoint.Benchmarks.Data;
using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>
/// Archives of very many small files: nearly all of it is the file system's work, of which there must be no more than others make. All of them
/// unpack, run an empty job, and remove what they have unpacked.
/// </summary>
internal sealed class SmallFiles() : Scenario("files")
{
    private const string Ours = "entrypoint";

    /// <summary>The job that the archives hold does nothing: how long its removal takes is asked of another one, which says when it ends.</summary>
    private const string SaysWhenItEnds = "import os, time\nwith open(os.environ['ENDED'], 'w') as file:\n    file.write(repr(time.time()))\nos._exit(0)\n";

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        var count = bench.Choose(100_000, 2000);
        Archives.WriteZip(bench["many.zip"], count, Archives.Line);
        Archives.WriteSmallTarGz(bench["many.tar.gz"], count);
        foreach (var row in Compare(
            bench,
            $"zip of {count} small files",
            "many.zip",
            ("unzip, python, rm -r", "unzip -q many.zip -d tree"),
            ("bsdtar, python, rm -r", "mkdir tree; bsdtar xf many.zip -C tree"),
            ("python -m zipfile, python, rm -r", $"{Workbench.Python} -m zipfile -e many.zip tree")))
        {
            yield return row;
        }

        foreach (var row in Compare(
            bench,
            $"tar.gz of {count} small files",
            "many.tar.gz",
            ("tar xz, python, rm -r", "mkdir tree; tar xzf many.tar.gz -C tree")))
        {
            yield return row;
        }

        yield return Removal(bench, bench.Choose(20_000, 1000));
        await Task.CompletedTask;
    }

    private List<Row> Compare(Workbench bench, string what, string archive, params (string Name, string Unpack)[] others)
    {
        var samples = Contestant.Alternate(
            [
                new(Ours, bench.Entrypoint(bench[archive])),
                .. others.Select(other => new Contestant(
                    other.Name, Command.Shell($"{other.Unpack}; {Workbench.Python} tree; rm -r tree") with { Folder = bench.Root, Environment = bench.Environment })),
            ],
            bench.Choose(2, 1),
            bench.Log);
        return [.. others.Select(other => Times(what, samples, Ours, other.Name, limit: 1))];
    }

    /// <summary>From the end of the job to the end of the program, which can come only when the code is gone.</summary>
    private Row Removal(Workbench bench, int count)
    {
        var archive = bench["removed.zip"];
        Archives.WriteZip(archive, count, Archives.Line, SaysWhenItEnds);
        var own = bench.Entrypoint(archive);
        var command = own with { Environment = new Dictionary<string, string?>(own.Environment) { ["ENDED"] = bench["ended"] } };
        var seconds = new List<double>();
        for (var round = 0; round < bench.Choose(5, 1); round++)
        {
            TimedProcess.Run(command, bench.Log);
            var end = DateTimeOffset.UtcNow.Subtract(DateTimeOffset.UnixEpoch).TotalSeconds;
            seconds.Add(end - double.Parse(File.ReadAllText(bench["ended"]), CultureInfo.InvariantCulture));
        }

        var series = new Series(seconds);
        return new Row(Name, $"of that: from the job's end to ours, with {count} files to remove", Quantity.Time(series), "", "", null, null)
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { ["s"] = series.Values },
        };
    }
}

using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>A second start, for which nothing has changed: what finding that out adds to the job.</summary>
internal sealed class SecondStart() : Scenario("second")
{
    private const string Ours = "entrypoint";
    private const string Job = "python job";
    private const string Pip = "pip install -r, python job";

    /// <summary>Seconds.</summary>
    private const double Limit = 0.040;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        var python = bench["venv", "bin", "python"];
        await bench.PrepareAsync(Workbench.Python, "-m", "venv", bench["venv"]);
        foreach (var row in Compare(bench, "requirements.txt", Requirements(bench, "with-requirements"), python, bench.Environment))
        {
            yield return row;
        }

        foreach (var row in Compare(bench, "environment.yml and requirements.txt (conda's stand-in)", Conda(bench, "with-environment"), python, CondaEnvironment(bench)))
        {
            yield return row;
        }
    }

    private IEnumerable<Row> Compare(Workbench bench, string what, string job, string python, IReadOnlyDictionary<string, string?> environment)
    {
        var own = bench.Entrypoint("--python", python, job) with { Environment = environment };
        var first = TimedProcess.Run(own, bench.Log);
        var samples = Contestant.Alternate(
            [
                new(Job, new Command(python, job) { Environment = bench.Environment }),
                new(Ours, own),
                new(Pip, Command.Shell($"cd '{job}'; '{python}' -m pip install -q --no-cache-dir -r requirements.txt; '{python}' '{job}'") with { Environment = bench.Environment }),
            ],
            bench.Choose(11, 3),
            bench.Log,
            warmUp: 1);
        var added = new Series([.. samples[Ours].Zip(samples[Job], (with, without) => (with.Wall - without.Wall).TotalSeconds)]);
        var pip = new Series([.. samples[Pip].Zip(samples[Job], (with, without) => (with.Wall - without.Wall).TotalSeconds)]);
        yield return new Row(
            Name,
            $"second start, {what}: added to the job (the first took {Quantity.Time(first.Wall.TotalSeconds)})",
            Quantity.Time(added),
            "pip install -r again",
            Quantity.Time(pip),
            added.Median / pip.Median,
            new Bound(added.Median, Limit, "≤ 40 ms"))
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { [$"{Ours}, s"] = added.Values, ["pip, s"] = pip.Values },
        };
    }

    private static string Requirements(Workbench bench, string name)
    {
        var job = bench.Job(name);
        for (var i = 0; i < 10; i++)
        {
            Wheel.Write(Path.Combine(job, "wheels"), $"benchpackage{i}");
        }

        File.WriteAllText(
            Path.Combine(job, "requirements.txt"),
            "--no-index\n--find-links wheels\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"benchpackage{i}==1.0\n")));
        return job;
    }

    private static string Conda(Workbench bench, string name)
    {
        var job = Requirements(bench, name);
        File.WriteAllText(Path.Combine(job, "environment.yml"), "name: bench\ndependencies:\n  - python\n");
        return job;
    }

    /// <summary>No conda is to be had on every machine: a script that makes a virtual environment where conda would make its own.</summary>
    private static Dictionary<string, string?> CondaEnvironment(Workbench bench)
    {
        var program = bench["conda", "bin", "conda"];
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "conda-stand-in.sh"), program);
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        return new Dictionary<string, string?>(bench.Environment)
        {
            ["CONDA_ROOT"] = bench["conda"],
            ["CONDA_EXE"] = program,
            ["STANDIN_PYTHON"] = bench["venv", "bin", "python"],
        };
    }
}

using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>A first start with a <c>requirements.txt</c>: what is added to pip and the job.</summary>
internal sealed class FirstStart() : Scenario("first")
{
    private const string Ours = "entrypoint";
    private const string Pip = "pip install -r, python job";

    /// <summary>Seconds.</summary>
    private const double Limit = 0.060;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        // Each run installs into a Python that nothing was installed for yet.
        await bench.PrepareAsync(Workbench.Python, "-m", "venv", bench["venv"]);
        await bench.PrepareAsync("cp", "-a", bench["venv"], bench["new"]);
        var python = bench["venv", "bin", "python"];
        var job = bench.Job("with-requirements");
        Wheel.Write(Path.Combine(job, "wheels"), "benchpackage");
        await File.WriteAllTextAsync(Path.Combine(job, "requirements.txt"), "--no-index\n--find-links wheels\nbenchpackage\n");
        void Anew()
        {
            bench.Remove("state");
            bench.Remove("venv");
            TimedProcess.Run(new Command("cp", "-a", bench["new"], bench["venv"]), bench.Log);
        }

        var samples = Contestant.Alternate(
            [
                new(Ours, bench.Entrypoint("--python", python, job), Anew),
                new(
                    Pip,
                    Command.Shell($"cd '{job}'; '{python}' -m pip install --no-cache-dir -r requirements.txt; exec '{python}' '{job}'") with { Environment = bench.Environment },
                    Anew),
            ],
            bench.Choose(15, 3),
            bench.Log,
            warmUp: 1);
        var added = new Series([.. samples[Ours].Zip(samples[Pip], (ours, theirs) => (ours.Wall - theirs.Wall).TotalSeconds)]);
        yield return Times("first start, requirements.txt", samples, Ours, Pip);
        yield return new Row(Name, "first start, requirements.txt: added to pip and the job", Quantity.Time(added), "", "", null, new Bound(added.Median, Limit, "≤ 60 ms"))
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { [$"{Ours}, s"] = added.Values },
        };
    }
}

using Entrypoint.Benchmarks.Data;
using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.EndToEnd.VersionControl;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>
/// Git over HTTP. Ours is the whole way: fetch, run an empty job, remove what was fetched; the others only fetch, unless the line says
/// otherwise.
/// </summary>
internal sealed class GitFetch() : Scenario("git")
{
    private const string Ours = "entrypoint";
    private const string Clone = "git clone --depth 1";
    private const string CloneRunRemove = "git clone --depth 1, python, rm -r";
    private const string Pip = "pip's way";
    private const string Full = "git clone";

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        var files = bench.Choose(20_000, 1_000);
        var repository = await GitRepository.MakeAsync(bench["big.git"], files, bench.Choose(300, 30), bench.PrepareAsync);
        await using var server = await GitHttpServer.StartAsync(bench.Root);
        var url = $"http://{server.Host}/big.git";
        var size = $"{files} files";
        var rounds = bench.Choose(3, 1);

        Contestant Fetch(string name, string line) => new(
            name,
            Command.Shell(line.Replace("URL", url, StringComparison.Ordinal)) with { Folder = bench.Root, Environment = bench.Environment },
            () => bench.Remove("tree"));
        Contestant Own(string reference, params string[] options) => new(Ours, bench.Entrypoint([$"git+{url}{reference}", .. options]));

        var whole = Contestant.Alternate(
            [
                Own("@main"),
                Fetch(Clone, "git clone -q --depth 1 -b main URL tree"),
                Fetch(CloneRunRemove, $"git clone -q --depth 1 -b main URL tree; {Workbench.Python} tree; rm -r tree"),
            ],
            rounds,
            bench.Log);
        yield return Times($"git, {size}: whole, a branch", whole, Ours, Clone, 1.25);
        yield return Times($"git, {size}: whole, a branch", whole, Ours, CloneRunRemove);

        Contestant[] sparse = [Own("@main#subdirectory=small", "--sparse"), Fetch(Pip, "git clone -q --filter=blob:none URL tree; git -C tree checkout -q main")];
        yield return Times($"git, {size}: `--sparse`, a folder of 20", Contestant.Alternate(sparse, rounds, bench.Log), Ours, Pip, 0.35);
        yield return Bytes(server, sparse, bench, $"git, {size}: bytes received, `--sparse`");

        foreach (var (what, revision) in ((string, string)[])[("a tag", "v1"), ("an old commit id", repository.OldCommit)])
        {
            var samples = Contestant.Alternate(
                [Own($"@{revision}"), Fetch(Pip, $"git clone -q --filter=blob:none URL tree; git -C tree checkout -q {revision}")], rounds, bench.Log);
            yield return Times($"git, {size}: whole, {what}", samples, Ours, Pip) with { Chart = revision == "v1" ? Picture(samples, whole) : null };
        }

        var own = Own("@main");
        var library = own.Command with { Environment = new Dictionary<string, string?>(own.Command.Environment) { ["ENTRYPOINT_GIT"] = "library" } };
        var inProcess = Contestant.Alternate([own with { Command = library }, Fetch(Full, "git clone -q URL tree")], bench.Choose(2, 1), bench.Log);
        yield return Times($"git, {size}: in process (libgit2), a branch", inProcess, Ours, Full);
    }

    private static Chart Picture(IReadOnlyDictionary<string, IReadOnlyList<Sample>> tag, IReadOnlyDictionary<string, IReadOnlyList<Sample>> branch)
    {
        ChartBar Bar(string name, IReadOnlyList<Sample> samples) => new(name, Series.Seconds(samples).Median);
        return new Chart(
            "git",
            "A Git repository of 20,000 files (entrypoint also runs a job and removes them)",
            "0.0 's'",
            [Bar(Ours, tag[Ours]), Bar(Clone, branch[Clone]), Bar(Pip, tag[Pip])]);
    }

    private Row Bytes(GitHttpServer server, Contestant[] contestants, Workbench bench, string what)
    {
        double[] bytes = [.. contestants.Select(contestant =>
        {
            var before = server.BytesSent;
            contestant.Before?.Invoke();
            TimedProcess.Run(contestant.Command, bench.Log);
            return (double)(server.BytesSent - before);
        })];
        var ratio = bytes[0] / bytes[1];
        return new Row(Name, what, Quantity.Size(bytes[0]), contestants[1].Name, Quantity.Size(bytes[1]), ratio, Bound.Ratio(ratio, 0.1))
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { ["entrypoint, bytes"] = [bytes[0]], [$"{contestants[1].Name}, bytes"] = [bytes[1]] },
        };
    }
}

using Entrypoint.Benchmarks.Data;
using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>
/// Packed code from a Lab and from the web, over loopback. Ours is the whole way: download, unpack, run an empty job, remove; the others
/// stop at unpacking, unless the line says otherwise.
/// </summary>
internal sealed class Downloads() : Scenario("download")
{
    private const string Lab = "entrypoint, Lab";
    private const string Web = "entrypoint, web";
    private const string CurlTar = "curl | tar xz";
    private const string CurlTarRemove = "curl | tar xz, python, rm -r";
    private const string CurlZip = "curl, python -m zipfile";
    private const string CurlZipRemove = "curl, python -m zipfile, python, rm -r";

    /// <summary>0.8 of the speed.</summary>
    private const double TarLimit = 1 / 0.8;

    private const double MostResident = 64 << 20;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        var megabytes = bench.Choose(500, 30);
        var files = bench.Choose(20_000, 1_000);
        Directory.CreateDirectory(bench["files"]);
        Archives.WriteTarGz(bench["files", "data.tar.gz"], megabytes * 1_000_000L);
        var source = new SourceFiles(4);
        Archives.WriteZip(bench["files", "many.zip"], files, _ => source.Next(4000));
        await using var server = await FileServer.StartAsync(bench["files"]);

        var own = Own(bench, server.Address, "data.tar.gz");
        var tar = Contestant.Alternate(
            [
                .. own,
                Theirs(bench, CurlTar, $"mkdir tree; curl -sS {server.Address}/data.tar.gz | tar xz -C tree"),
                Theirs(bench, CurlTarRemove, $"mkdir tree; curl -sS {server.Address}/data.tar.gz | tar xz -C tree; {Workbench.Python} tree; rm -r tree"),
            ],
            bench.Choose(3, 1),
            bench.Log);
        foreach (var ours in (string[])[Lab, Web])
        {
            yield return Times($"tar.gz of {megabytes} MB ({ours[12..]})", tar, ours, CurlTar, TarLimit);
            yield return Times($"tar.gz of {megabytes} MB ({ours[12..]})", tar, ours, CurlTarRemove);
            bench.Remove("data");
            var peak = TimedProcess.PeakResident(own.Single(contestant => contestant.Name == ours).Command, bench.Log);
            yield return new Row(Name, $"most memory meanwhile ({ours[12..]})", Quantity.Size(peak), "", "", null, new Bound(peak, MostResident, "≤ 64 MiB"));
        }

        var zip = Contestant.Alternate(
            [
                .. Own(bench, server.Address, "many.zip"),
                Theirs(bench, CurlZip, $"curl -sSo many.zip {server.Address}/many.zip; {Workbench.Python} -m zipfile -e many.zip tree"),
                Theirs(bench, CurlZipRemove, $"curl -sSo many.zip {server.Address}/many.zip; {Workbench.Python} -m zipfile -e many.zip tree; {Workbench.Python} tree; rm -r tree"),
            ],
            bench.Choose(3, 1),
            bench.Log);
        foreach (var ours in (string[])[Lab, Web])
        {
            yield return Times($"zip of {files} files ({ours[12..]})", zip, ours, CurlZip, 1);
            yield return Times($"zip of {files} files ({ours[12..]})", zip, ours, CurlZipRemove);
        }
    }

    /// <summary>The same file, as Lab data that is not here yet, and by its web address.</summary>
    private static Contestant[] Own(Workbench bench, string address, string name)
    {
        var lab = bench.Entrypoint(name);
        return
        [
            new(
                Lab,
                lab with
                {
                    Environment = new Dictionary<string, string?>(lab.Environment)
                    {
                        ["LAB_API_ENDPOINT"] = address,
                        ["LAB_API_TOKEN"] = "token",
                        ["LAB_PROJECT"] = "bench",
                        ["DATA_ENVIRONMENT"] = bench["data"],
                    },
                },
                () => bench.Remove("data")),
            new(Web, bench.Entrypoint($"{address}/{name}")),
        ];
    }

    private static Contestant Theirs(Workbench bench, string name, string line) => new(
        name,
        Command.Shell(line) with { Folder = bench.Root, Environment = bench.Environment },
        () => bench.Remove("tree"));
}

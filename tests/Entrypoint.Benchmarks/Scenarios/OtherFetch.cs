using Entrypoint.Benchmarks.Data;
using Entrypoint.Benchmarks.Measuring;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.EndToEnd.VersionControl;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>Mercurial, Subversion and Bazaar from servers on this machine, beside their own programs. Ours is the whole way again.</summary>
internal sealed class OtherFetch() : Scenario("vcs")
{
    private const string Ours = "entrypoint";

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        await foreach (var row in SubversionAsync(bench, bench.Choose(20_000, 800), bench.Choose(3, 1)))
        {
            yield return row;
        }

        await foreach (var row in MercurialAsync(bench, bench.Choose(5_000, 400), bench.Choose(3, 1)))
        {
            yield return row;
        }

        await foreach (var row in BazaarAsync(bench, bench.Choose(1_000, 200), bench.Choose(3, 1)))
        {
            yield return row;
        }
    }

    private async IAsyncEnumerable<Row> SubversionAsync(Workbench bench, int files, int rounds)
    {
        var tree = Tree(bench, "svn-tree", files);
        await bench.PrepareAsync("svnadmin", "create", "--compatible-version", "1.9", bench["svn"]);
        await bench.PrepareAsync("svn", "import", "--quiet", "--non-interactive", "-m", "all", tree, $"file://{bench["svn"]}");
        using var server = await ServerProgram.StartAsync(
            "svnserve", port => ["-d", "--foreground", "--listen-host", "127.0.0.1", "--listen-port", $"{port}", "-r", bench.Root]);
        var url = $"svn://127.0.0.1:{server.Port}/svn";
        var what = $"svn, {files} files";
        const string export = "svn export";
        const string folder = "entrypoint, whole";
        var samples = Contestant.Alternate(
            [
                new(folder, bench.Entrypoint($"svn+{url}")),
                Theirs(bench, export, $"svn export -q --non-interactive {url} tree"),
                new(Ours, bench.Entrypoint($"svn+{url}#subdirectory=large", "--sparse")),
                Theirs(bench, "svn export of it", $"svn export -q --non-interactive {url}/large tree"),
            ],
            rounds,
            bench.Log);
        yield return Times($"{what}: whole", samples, folder, export);
        yield return Times($"{what}: `--sparse`, a folder of {files / 4}", samples, Ours, folder, 0.5);
        yield return Times($"{what}: `--sparse`, a folder of {files / 4}", samples, Ours, "svn export of it");
    }

    private async IAsyncEnumerable<Row> MercurialAsync(Workbench bench, int files, int rounds)
    {
        var tree = Tree(bench, "hg", files);
        await bench.PrepareAsync("hg", "init", tree);
        await bench.PrepareAsync("hg", "-R", tree, "commit", "--quiet", "--addremove", "-u", "bench", "-m", "all");
        using var server = await ServerProgram.StartAsync("hg", port => ["serve", "-a", "127.0.0.1", "-p", $"{port}", "-R", tree]);
        var url = $"http://127.0.0.1:{server.Port}/";
        const string clone = "hg clone";
        var samples = Contestant.Alternate(
            [
                new("entrypoint, whole", bench.Entrypoint($"hg+{url}")),
                Theirs(bench, clone, $"hg clone -q {url} tree"),
                new(Ours, bench.Entrypoint($"hg+{url}#subdirectory=small", "--sparse")),
            ],
            rounds,
            bench.Log);
        yield return Times($"hg, {files} files: whole", samples, "entrypoint, whole", clone);
        yield return Times($"hg, {files} files: `--sparse`, a folder of 20", samples, Ours, clone);
    }

    private async IAsyncEnumerable<Row> BazaarAsync(Workbench bench, int files, int rounds)
    {
        var tree = Tree(bench, "bzr", files);
        await bench.PrepareAsync("brz", "init", "--quiet", tree);
        await bench.PrepareAsync("brz", "add", "--quiet", tree);
        await bench.PrepareAsync("sh", "-c", $"cd '{tree}' && BRZ_EMAIL='Bench <bench@example.org>' brz commit --quiet -m all");

        // As a user has it without a smart server: the files of the branch on a web server.
        await using var server = await GitHttpServer.StartAsync(
            bench.Root, (application, root) => GitHttpServer.Create(application, root, dumb: true));
        var url = $"http://{server.Host}/bzr";
        const string branch = "brz branch";
        const string export = "brz export";
        var samples = Contestant.Alternate(
            [
                new("entrypoint, whole", bench.Entrypoint($"bzr+{url}")),
                Theirs(bench, branch, $"brz branch -q {url} tree"),
                Theirs(bench, export, $"brz export -q tree {url}"),
                new(Ours, bench.Entrypoint($"bzr+{url}#subdirectory=small", "--sparse")),
                Theirs(bench, "brz export of it", $"brz export -q tree {url} small || brz export -q tree {url}/small"),
            ],
            rounds,
            bench.Log);
        yield return Times($"bzr, {files} files: whole", samples, "entrypoint, whole", branch);
        yield return Times($"bzr, {files} files: whole", samples, "entrypoint, whole", export);
        yield return Times($"bzr, {files} files: `--sparse`, a folder of 20", samples, Ours, "brz export of it");
    }

    private static string Tree(Workbench bench, string name, int files)
    {
        new SourceFiles(2).WriteTree(bench[name], files, files / 4);
        return bench[name];
    }

    private static Contestant Theirs(Workbench bench, string name, string line) => new(
        name,
        Command.Shell(line) with { Folder = bench.Root, Environment = bench.Environment },
        () => bench.Remove("tree"));
}

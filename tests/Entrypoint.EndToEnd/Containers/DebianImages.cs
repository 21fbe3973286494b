using System.Collections.Concurrent;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>Images of Debian, made from packages once and kept.</summary>
public static class DebianImages
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = new();

    /// <summary>A bare system, by Debian's name of the release.</summary>
    public static Task<string> OfAsync(string suite) => MakeAsync(suite, $"localhost/entrypoint-test/debian:{suite}", suite);

    /// <summary>A Debian 12 for arm64 with Python and its <c>venv</c>.</summary>
    public static Task<string> Arm64Async() =>
        MakeAsync("arm64", "localhost/entrypoint-test/debian:bookworm-arm64", "bookworm", "arm64", "python3-venv");

    /// <summary>A system of that release with what the main job, a virtual environment and a Git repository need.</summary>
    public static Task<string> WithPythonAsync(string suite) => Once($"{suite} with Python", async () =>
    {
        using var folder = new TemporaryFolder();
        var dockerfile = folder.Write(
            "Dockerfile",
            $"""
            FROM {await OfAsync(suite)}
            RUN apt-get update && apt-get install --yes --no-install-recommends git python3 python3-pip python3-venv && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/cache/apt/*.bin
            """);
        return await Podman.BuildAsync($"localhost/entrypoint-test/python:{suite}", dockerfile, folder.Path);
    });

    private static Task<string> MakeAsync(string name, string image, params string[] words) => Once(name, async () =>
    {
        var script = Repository.File("tests", "Entrypoint.EndToEnd", "Containers", "base-image.sh");
        await Tool.RunAsync("sh", [script, image, TestCache.Root, .. words], limit: Limit);
        return image;
    });

    private static Task<string> Once(string name, Func<Task<string>> make) => Made.GetOrAdd(name, _ => new Lazy<Task<string>>(make)).Value;
}

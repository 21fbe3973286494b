namespace Entrypoint.EndToEnd.Containers;

/// <summary>Podman, which takes docker's command line.</summary>
public static class Podman
{
    /// <summary>How long a build may take: packages are downloaded.</summary>
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What a machine that is itself a container needs: a runtime that takes mixed control groups, limits that need not be raised, and
    /// the host's network.
    /// </summary>
    public static readonly string[] Surroundings =
        ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--network", "host"];

    public static readonly string[] Runtime = ["--runtime", "runc"];

    /// <summary>Marks what the tests have built.</summary>
    private const string Label = "entrypoint-test=yes";

    /// <summary>The words of <c>podman run</c> up to the image.</summary>
    public static string[] RunWords(params IEnumerable<string> options) => [.. Runtime, "run", .. Surroundings, .. options];

    /// <summary>Runs an image to its end.</summary>
    public static Task<RunResult> RunAsync(string image, IEnumerable<string> options, params IEnumerable<string> arguments) =>
        Tool.TryRunAsync("podman", [.. RunWords(["--rm", .. options]), image, .. arguments]);

    /// <summary>Builds an image, and returns its name.</summary>
    public static async Task<string> BuildAsync(string image, string dockerfile, string context, params IEnumerable<string> options)
    {
        await Tool.RunAsync(
            "podman", [.. Runtime, "build", .. Surroundings, "--label", Label, .. options, "--tag", image, "--file", dockerfile, context], limit: BuildLimit);
        return image;
    }

    /// <summary>Removes what the tests have built and built anew since; the layers that make the next build fast stay.</summary>
    public static Task RemoveReplacedImagesAsync() => CommandAsync("image", "prune", "--force", "--filter", $"label={Label}");

    /// <summary>Any other command.</summary>
    public static Task<string> CommandAsync(params IEnumerable<string> words) => Tool.RunAsync("podman", [.. Runtime, .. words]);
}

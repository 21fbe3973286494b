using Entrypoint.EndToEnd.Containers;

namespace Entrypoint.EndToEnd.Systems;

/// <summary>The executable for arm64, under emulation: it starts, reads its arguments, prepares, and runs a job.</summary>
[Collection(ContainerImages.Collection)]
public sealed class Arm64Tests
{
    private static async Task<RunResult> RunAsync(params string[] arguments) => await Podman.RunAsync(
        await DebianImages.Arm64Async(),
        [
            "--arch", "arm64",
            "--volume", $"{Arm64.Executable}:/usr/local/bin/entrypoint:ro",
            "--volume", $"{Repository.File("test-fixtures", "ml-job")}:/ml-job:ro",
            "--entrypoint", "/usr/local/bin/entrypoint",
        ],
        arguments);

    [Fact]
    public async Task Says_its_version()
    {
        var result = await RunAsync("--version");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(await VersionHereAsync(), result.Output);
    }

    [Fact]
    public async Task Plans_the_main_job()
    {
        var result = await RunAsync("--dry-run", "/ml-job", "--", "--epochs", "5");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var plan = System.Text.Json.JsonDocument.Parse(result.Output);
        Assert.Equal(["--epochs", "5"], plan.RootElement.GetProperty("jobArguments").EnumerateArray().Select(word => word.GetString()!));
        Assert.Equal(
            ["setup.sh", "requirements.txt"], plan.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task Prepares_and_runs_the_main_job()
    {
        var result = await RunAsync("/ml-job", "--", "--epochs", "5", "--points", "50");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Code execution finished successfully.", result.Output, StringComparison.Ordinal);
    }

    private static async Task<string> VersionHereAsync() => (await EntrypointProcess.RunAsync(["--version"])).Output;
}

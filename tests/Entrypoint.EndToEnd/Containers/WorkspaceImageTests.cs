namespace Entrypoint.EndToEnd.Containers;

/// <summary>With no code to run, the workspace itself is started and supervised; with code, it is not.</summary>
[Collection(ContainerImages.Collection)]
public sealed class WorkspaceImageTests : IClassFixture<WorkspaceImage>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Starts_the_workspace_where_there_is_no_code()
    {
        var result = await Podman.RunAsync(WorkspaceImage.Name, ["--cpus", "1", "--env", "JUPYTERHUB_SERVICE_PREFIX=user/a b/"], "--", "--port", "8080");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("workspace ['--port', '8080'] /workspace /user/a%20b 1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_the_workspace_by_the_old_command_too()
    {
        var result = await Podman.RunAsync(WorkspaceImage.Name, ["--env", "WORKSPACE_BASE_URL=tools/"], "python", "/resources/docker-entrypoint.py");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("workspace [] /workspace /tools ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_another_command_where_one_is_given()
    {
        var result = await Podman.RunAsync(
            WorkspaceImage.Name, ["--env", "WORKSPACE_COMMAND=printf '<%s>\\n' \"$WORKSPACE_BASE_URL\"; printf '<%s>\\n'"], "--", "a b", "c");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("<>\n<a b>\n<c>\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Supervises_the_workspace()
    {
        await using var container = Container.Start(WorkspaceImage.Name, [], ["--", "--stay"]);
        await container.WaitForAsync("workspace ['--stay']");

        await Podman.CommandAsync("stop", "--time", "60", container.Name);
        var result = await container.WaitAsync();

        Assert.True(result.ExitCode == 7, result.ToString());
        Assert.Contains("workspace stopped", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_a_job_where_there_is_code()
    {
        var job = _folder.Job("print('job')");

        var result = await Podman.RunAsync(WorkspaceImage.Name, ["--volume", $"{job}:/workspace/ml-job", "--env", "EXECUTE_CODE=/workspace/ml-job"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("job\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("workspace [", result.Output, StringComparison.Ordinal);
    }
}

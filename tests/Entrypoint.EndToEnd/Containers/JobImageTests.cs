namespace Entrypoint.EndToEnd.Containers;

/// <summary>Images that hold a job and all it needs: ours, and those that people have built with ml-workspace's commands.</summary>
[Collection(ContainerImages.Collection)]
public sealed class JobImageTests(JobImage job) : IClassFixture<JobImage>
{
    [Theory]
    [InlineData("0:0")]
    [InlineData("12345:0")]
    [InlineData("12345:12345")]
    public async Task Of_the_documentation_runs_what_root_prepared_as_any_user(string user)
    {
        var result = await Podman.RunAsync(JobImage.Name, ["--user", user, "--read-only", "--tmpfs", "/tmp"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"hello from the wheel {user.Split(':')[0]} []", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("pip install", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("set up by", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[WARNING]", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0:0")]
    [InlineData("12345:0")]
    [InlineData("12345:12345")]
    public async Task Finds_its_requirements_installed_when_it_prepares_again(string user)
    {
        var result = await Podman.RunAsync(JobImage.Name, ["--user", user, "--read-only", "--tmpfs", "/tmp"], "--log-level", "info");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"set up by {user.Split(':')[0]}", result.Output, StringComparison.Ordinal);
        Assert.Contains("hello from the wheel", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("pip install", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[WARNING]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_arguments_to_the_job_besides_code_only()
    {
        var result = await Podman.RunAsync(JobImage.Name, [], "--code-only", "--", "--epochs", "3");

        Assert.Contains("['--epochs', '3']", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_commands_of_ml_workspace_works_unchanged()
    {
        // Word for word the page "How to create a job".
        var dockerfile = job.Folder.Write(
            "Dockerfile",
            $"""
            FROM {ContainerImages.Jobs}
            # Add job code to image
            COPY ml-job /workspace/ml-job
            ENV EXECUTE_CODE=/workspace/ml-job

            # Install requirements only
            RUN python /resources/scripts/execute_code.py --requirements-only

            # Execute only the code at container startup
            CMD ["python", "/resources/docker-entrypoint.py", "--code-only"]
            """);
        var image = await Podman.BuildAsync("localhost/entrypoint-test/legacy-job", dockerfile, job.Folder.Path);

        var result = await Podman.RunAsync(image, ["--user", "12345:0"]);
        var withoutEntrypoint = await Podman.RunAsync(
            image, ["--user", "12345:0", "--entrypoint", ""], "python", "/resources/docker-entrypoint.py", "--code-only");

        Assert.All(
            [result, withoutEntrypoint],
            run =>
            {
                Assert.True(run.ExitCode == 0, run.ToString());
                Assert.Contains("hello from the wheel 12345 []", run.Output, StringComparison.Ordinal);
                Assert.DoesNotContain("pip install", run.Output, StringComparison.Ordinal);
            });
    }
}

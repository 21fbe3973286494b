using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>The image of <c>docker/job.Dockerfile</c>, with a job that needs a package and a script.</summary>
public sealed class JobImage : IAsyncLifetime
{
    /// <summary>Its name.</summary>
    public const string Name = "localhost/entrypoint-test/ml-job";

    /// <summary>The folder that it is built from.</summary>
    public TemporaryFolder Folder { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var job = Folder.Job("import os, sys, greeting; print('hello from the wheel', os.getuid(), sys.argv[1:])", "ml-job");
        Wheel.Write(job, "greeting");
        Folder.Write("ml-job/requirements.txt", "--no-index\n--find-links .\ngreeting\n");
        Folder.Write("ml-job/setup.sh", "echo set up by $(id -u)\n");
        await Podman.BuildAsync(
            Name, Repository.File("docker", "job.Dockerfile"), Folder.Path, "--build-arg", $"BASE_IMAGE={ContainerImages.Jobs}");
    }

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

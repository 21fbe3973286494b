namespace Entrypoint.EndToEnd.Containers;

/// <summary>The image of <c>docker/workspace.Dockerfile</c>, on a base that has ml-workspace's layout and the age of its system: glibc 2.31, git 2.30.</summary>
public sealed class WorkspaceImage : IAsyncLifetime
{
    /// <summary>Its name.</summary>
    public const string Name = "localhost/entrypoint-test/workspace";

    private const string Workspace =
        """
        import os, signal, sys, time
        def stop(number, frame):
            print("workspace stopped", flush=True)
            sys.exit(7)
        signal.signal(signal.SIGTERM, stop)
        print("workspace", sys.argv[1:], os.getcwd(), os.environ["WORKSPACE_BASE_URL"], os.environ["OMP_NUM_THREADS"], flush=True)
        while "--stay" in sys.argv:
            time.sleep(3600)
        """;

    public async ValueTask InitializeAsync()
    {
        using var folder = new TemporaryFolder();
        folder.Write("run_workspace.py", Workspace);
        folder.Write("docker-entrypoint.py", "raise SystemExit('the old one was run')");
        var dockerfile = folder.Write(
            "Dockerfile",
            $"""
            FROM {await DebianImages.WithPythonAsync("bullseye")}
            RUN ln -s python3 /usr/bin/python
            COPY docker-entrypoint.py /resources/docker-entrypoint.py
            COPY run_workspace.py /resources/scripts/run_workspace.py
            ENV WORKSPACE_BASE_URL=/ MAX_NUM_THREADS=auto WORKSPACE_HOME=/workspace
            WORKDIR /workspace
            ENTRYPOINT ["/tini", "-g", "--"]
            CMD ["python", "/resources/docker-entrypoint.py"]
            """);
        var layout = await Podman.BuildAsync("localhost/entrypoint-test/ml-workspace", dockerfile, folder.Path);
        using var context = new BuildContext();
        await Podman.BuildAsync(
            Name, Repository.File("docker", "workspace.Dockerfile"), Repository.Root, [.. context.Words, "--build-arg", $"BASE_IMAGE={layout}"]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

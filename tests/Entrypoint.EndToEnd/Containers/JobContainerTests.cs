using Entrypoint.EndToEnd.Init;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>Jobs in the image of <c>docker/Dockerfile</c>, mounted or fetched, and what they end with.</summary>
[Collection(ContainerImages.Collection)]
public sealed class JobContainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Mounted(string python) =>
        ["--volume", $"{_folder.Job(python)}:/workspace/ml-job/", "--env", "EXECUTE_CODE=/workspace/ml-job/"];

    [Fact]
    public async Task Runs_a_mounted_job()
    {
        var options = Mounted("import os, sys; print(os.getcwd(), os.environ['ENTRYPOINT_CODE'], sys.argv[1:])");

        var result = await Podman.RunAsync(ContainerImages.Jobs, options, "--", "--epochs", "a b");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("/workspace /workspace/ml-job ['--epochs', 'a b']", result.Output, StringComparison.Ordinal);
        Assert.Contains("[INFO] Code execution finished successfully.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_a_path_below_its_working_directory()
    {
        var job = _folder.Job("print('here')");

        var result = await Podman.RunAsync(ContainerImages.Jobs, ["--volume", $"{job}:/workspace/ml-job"], "ml-job");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("here", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("program")]
    [InlineData("library")]
    public async Task Runs_a_git_url_served_by_the_host(string engine)
    {
        using var server = await GitDaemon.StartAsync();
        var revision = await server.AddAsync(
            "project", ("jobs/train/__main__.py", "import os; print('trained', os.environ['ENTRYPOINT_REVISION'])"));

        var result = await Podman.RunAsync(
            ContainerImages.Jobs,
            ["--env", $"EXECUTE_CODE=git+{server.Url("project")}@main#subdirectory=jobs/train", "--env", $"ENTRYPOINT_GIT={engine}"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"trained {revision}", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raise SystemExit(0)", 0)]
    [InlineData("raise SystemExit(3)", 3)]
    [InlineData("raise SystemExit(255)", 255)]
    [InlineData("raise ValueError", 1)]
    [InlineData("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 128 + SIGKILL)]
    [InlineData("import os; os.abort()", 134)]
    public async Task Ends_with_the_exit_code_of_the_job(string python, int expected)
    {
        var result = await Podman.RunAsync(ContainerImages.Jobs, Mounted(python));

        Assert.True(result.ExitCode == expected, result.ToString());
    }

    [Theory]
    [InlineData("--no-such-option", 64)]
    [InlineData("git+ext://sh/repository", 65)]
    [InlineData("/workspace/nothing-here", 66)]
    [InlineData("git+git://127.0.0.1:1/nobody-listens", 69)]
    public async Task Ends_with_its_own_exit_code_where_nothing_ran(string argument, int expected)
    {
        var result = await Podman.RunAsync(ContainerImages.Jobs, ["--env", "ENTRYPOINT_FETCH_TIMEOUT=5s"], argument);

        Assert.True(result.ExitCode == expected, result.ToString());
        Assert.Contains("[ERROR]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_how_another_program_is_started()
    {
        var result = await Podman.RunAsync(ContainerImages.Jobs, [], "bash");

        Assert.Equal(66, result.ExitCode);
        Assert.Contains("--entrypoint", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lets_the_job_end_by_itself_when_the_container_is_stopped()
    {
        await using var container = Container.Start(
            ContainerImages.Jobs,
            Mounted(
                """
                import signal, sys, time
                def stop(number, frame):
                    print("saving", flush=True)
                    print("saved", flush=True)
                    sys.exit(42)
                signal.signal(signal.SIGTERM, stop)
                print("ready", flush=True)
                while True:
                    time.sleep(3600)
                """),
            []);
        await container.WaitForAsync("ready");

        await Podman.CommandAsync("stop", "--time", "60", container.Name);
        var result = await container.WaitAsync();

        Assert.Contains("saved", result.Output, StringComparison.Ordinal);
        Assert.True(result.ExitCode == 42, result.ToString());
        Assert.Equal("42", await container.InspectAsync("{{.State.ExitCode}}"));
    }

    [Fact]
    public async Task Passes_one_control_c_on_to_the_job()
    {
        using var terminal = new Pseudoterminal();
        await using var container = Container.Start(
            ContainerImages.Jobs, ["--interactive", "--tty", .. Mounted(Jobs.SignalPrinter)], [], terminal);
        await terminal.WaitForAsync("ready");

        terminal.Write(Pseudoterminal.ControlC);
        await terminal.WaitForAsync($"got {SIGINT}");
        await Podman.CommandAsync("kill", "--signal", $"{SIGRTMAX}", container.Name);
        var result = await container.WaitAsync();

        Assert.True(result.ExitCode == 42, terminal.Output);
        Assert.Equal(2, terminal.Output.Split($"got {SIGINT} from terminal").Length);
        Assert.Equal(2, terminal.Output.Split($"got {SIGINT} ").Length);
    }

    [Fact]
    public async Task Leaves_no_zombie_behind()
    {
        var options = Mounted(
            """
            import glob, os, time
            children = 40
            read, write = os.pipe()
            for number in range(children):
                if os.fork() == 0:
                    if os.fork() == 0:
                        # An orphan: its parent is gone when it ends, and the container's first process inherits it.
                        while os.getppid() != 1:
                            time.sleep(0.01)
                        os.write(write, b"x")
                        os._exit(0)
                    os._exit(0)
                os.wait()
            ended = 0
            while ended < children:
                ended += len(os.read(read, children))
            def zombies():
                states = []
                for file in glob.glob("/proc/[0-9]*/stat"):
                    try:
                        states.append(open(file).read().rsplit(")", 1)[1].split()[0])
                    except OSError:
                        pass
                return states.count("Z")
            deadline = time.monotonic() + 60
            while zombies() and time.monotonic() < deadline:
                time.sleep(0.01)
            print("zombies", zombies(), "first", open("/proc/1/comm").read().strip())
            """);

        var result = await Podman.RunAsync(ContainerImages.Jobs, options);

        Assert.Contains("zombies 0 first entrypoint", result.Output, StringComparison.Ordinal);
    }
}

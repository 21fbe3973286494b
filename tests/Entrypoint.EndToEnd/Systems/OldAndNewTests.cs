using Entrypoint.EndToEnd.Containers;

namespace Entrypoint.EndToEnd.Systems;

/// <summary>The executable on an old Debian (11, glibc 2.31, git 2.30) and a new one (13, glibc 2.41).</summary>
[Collection(ContainerImages.Collection)]
public sealed class OldAndNewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task<string> ImageAsync(string suite) => await DebianImages.WithPythonAsync(suite);

    private static string[] Options(params IEnumerable<string> more) =>
        ["--volume", $"{EntrypointProcess.Executable}:/usr/local/bin/entrypoint:ro", "--entrypoint", "/usr/local/bin/entrypoint", .. more];

    [Theory]
    [InlineData("bullseye")]
    [InlineData("trixie")]
    public async Task The_main_job_runs(string suite)
    {
        var result = await Podman.RunAsync(
            await ImageAsync(suite), Options("--volume", $"{Repository.File("test-fixtures", "ml-job")}:/ml-job:ro"), "/ml-job", "--", "--epochs", "5");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("setup.sh: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("Code execution finished successfully.", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bullseye")]
    [InlineData("trixie")]
    public async Task A_virtual_environment_is_made_for_another_user_and_found_again(string suite)
    {
        var state = Directory.CreateDirectory(_folder["state"]).FullName;
        File.SetUnixFileMode(state, (UnixFileMode)0b111_111_111);
        string[] options = Options(
            "--user", "1000:0", "--volume", $"{Repository.File("test-fixtures", "ml-job")}:/ml-job:ro",
            "--volume", $"{state}:/state", "--env", "ENTRYPOINT_STATE=/state");

        var first = await Podman.RunAsync(await ImageAsync(suite), options, "/ml-job", "--", "--epochs", "5");
        var second = await Podman.RunAsync(await ImageAsync(suite), options, "/ml-job", "--", "--epochs", "5");

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Contains("Making the virtual environment /state/venvs/", first.Output, StringComparison.Ordinal);
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.DoesNotContain("Making the virtual environment", second.Output, StringComparison.Ordinal);
        Assert.Contains("/state/venvs/", second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bullseye")]
    [InlineData("trixie")]
    public async Task A_git_url_is_fetched(string suite)
    {
        using var server = await GitDaemon.StartAsync();
        var revision = await server.AddAsync("project", ("train/__main__.py", "import os; print('trained', os.environ['ENTRYPOINT_REVISION'])"));

        foreach (var more in (string[][])[[], ["--sparse"]])
        {
            var result = await Podman.RunAsync(await ImageAsync(suite), Options(), [$"git+{server.Url("project")}@main#subdirectory=train", .. more]);

            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Contains($"trained {revision}", result.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bullseye")]
    [InlineData("trixie")]
    public async Task As_process_1_it_forwards_signals_and_reaps_orphans(string suite)
    {
        var job = _folder.Job("""
            import os, signal, subprocess, sys, time
            subprocess.run(["sh", "-c", "(sleep 0.1; exit 3) & echo $! > /tmp/orphan"])
            orphan = open("/tmp/orphan").read().strip()
            while os.path.exists(f"/proc/{orphan}"):
                time.sleep(0.01)
            signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(7))
            print("up, child of", os.getppid(), flush=True)
            while True:
                signal.pause()
            """);
        await using var container = Container.Start(await ImageAsync(suite), Options("--volume", $"{job}:/job:ro"), ["/job"]);
        await container.WaitForAsync("up, child of 1");

        await Podman.CommandAsync("stop", "--time", "60", container.Name);
        var result = await container.WaitAsync();

        Assert.True(result.ExitCode == 7, result.ToString());
    }

    [Theory]
    [InlineData("bullseye")]
    [InlineData("trixie")]
    public async Task A_terminal_is_the_jobs(string suite)
    {
        var job = _folder.Job("""
            import os, sys
            print("terminal", os.isatty(0), os.isatty(1), os.tcgetpgrp(0) == os.getpgrp(), flush=True)
            try:
                print("read", input())
                input()
            except KeyboardInterrupt:
                sys.exit(9)
            """);
        using var terminal = new Pseudoterminal();
        await using var container = Container.Start(
            await ImageAsync(suite), Options("--tty", "--interactive", "--volume", $"{job}:/job:ro"), ["/job"], terminal);
        await terminal.WaitForAsync("terminal True True True");

        terminal.Write("a line\n");
        await terminal.WaitForAsync("read a line");
        terminal.Write(Pseudoterminal.ControlC);
        var result = await container.WaitAsync();

        Assert.True(result.ExitCode == 9, $"{result}\n{terminal.Output}");
    }
}

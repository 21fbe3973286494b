using System.IO.Compression;

namespace Entrypoint.EndToEnd.Init;

/// <summary>The temporary folder that an archive is unpacked to, and its end.</summary>
public sealed class TemporaryFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TemporaryFoldersTests() => Directory.CreateDirectory(_folder["tmp"]);

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string?> Environment => new() { ["TMPDIR"] = _folder["tmp"] };

    private string Archive(string python)
    {
        _folder.Job(python);
        ZipFile.CreateFromDirectory(_folder["job"], _folder["job.zip"]);
        return _folder["job.zip"];
    }

    private void AssertNothingIsLeft() => Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));

    [Fact]
    public async Task Is_private_and_told_to_the_job()
    {
        var result = await EntrypointProcess.RunAsync(
            [Archive(
                """
                import os, stat, sys
                code = os.environ["ENTRYPOINT_CODE"]
                print("runs from it", sys.path[0] == code and os.path.isfile(code + "/__main__.py"))
                top = os.path.join(os.environ["TMPDIR"], os.path.relpath(code, os.environ["TMPDIR"]).split("/")[0])
                print("mode %o" % stat.S_IMODE(os.stat(top).st_mode))
                """)], Environment);

        Assert.Contains("runs from it True", result.Output, StringComparison.Ordinal);
        Assert.Contains("mode 700", result.Output, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("pass", 0)]
    [InlineData("raise SystemExit(5)", 5)]
    [InlineData("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 128 + SIGKILL)]
    [InlineData("import os; os.chmod(os.environ['ENTRYPOINT_CODE'], 0)", 0)]
    [InlineData("import os; os.makedirs(os.environ['ENTRYPOINT_CODE'] + '/a/b'); os.chmod(os.environ['ENTRYPOINT_CODE'] + '/a', 0)", 0)]
    [InlineData("import os, shutil; shutil.rmtree(os.environ['ENTRYPOINT_CODE'])", 0)]
    [InlineData("import os, subprocess; os.chdir(os.environ['ENTRYPOINT_CODE']); subprocess.Popen(['sleep', '1'])", 0)]
    public async Task Is_gone_whatever_the_job_does(string python, int expected)
    {
        var result = await EntrypointProcess.RunAsync([Archive(python)], Environment);

        Assert.True(result.ExitCode == expected, result.ToString());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Is_gone_and_nothing_beyond_a_link_in_it()
    {
        _folder.Write("precious/file", "precious");

        var result = await EntrypointProcess.RunAsync(
            [Archive($"import os; os.symlink('{_folder["precious"]}', os.environ['ENTRYPOINT_CODE'] + '/link')")], Environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(File.Exists(_folder["precious/file"]));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(SIGTERM)]
    [InlineData(SIGINT)]
    [InlineData(SIGHUP)]
    [InlineData(SIGQUIT)]
    public async Task Is_gone_when_a_signal_ends_the_job(int signal)
    {
        using var process = EntrypointProcess.Start(
            [Archive("import resource, time; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); print('ready', flush=True); time.sleep(3600)")], Environment);
        await process.WaitForAsync("ready");

        process.Signal(signal);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + signal, result.ToString());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Is_gone_as_pid_1_with_processes_left_behind_in_it()
    {
        var result = await EntrypointProcess.RunAsync(
            [Archive("import os, subprocess; subprocess.Popen(['sleep', '1000'], cwd=os.environ['ENTRYPOINT_CODE'], start_new_session=True)")],
            Environment,
            wrapper: Wrapper.Pid1);

        Assert.True(result.ExitCode == 0, result.ToString());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Is_gone_after_a_time_limit()
    {
        var result = await EntrypointProcess.RunAsync([Archive(Jobs.Sleeper), "--timeout", "1"], Environment);

        Assert.True(result.ExitCode == 124, result.ToString());
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("exit 3", "", 78)]
    [InlineData("true", "--python=/not/there", 127)]
    [InlineData("true", "--workdir=/not/there", 66)]
    [InlineData("true", "--requirements-only", 0)]
    public async Task Is_gone_when_the_job_is_not_started(string setup, string option, int expected)
    {
        _folder.Write("job/setup.sh", setup);

        var result = await EntrypointProcess.RunAsync([Archive("print('never')"), .. option.Length > 0 ? [option] : Array.Empty<string>()], Environment);

        Assert.True(result.ExitCode == expected, result.ToString());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Is_gone_when_nobody_reads_the_output()
    {
        var result = await EntrypointProcess.RunAsync(
            [Archive("print('x' * 1000000)")], Environment, wrapper: ["bash", "-c", "\"$@\" | true", "bash"]);

        Assert.Equal(0, result.ExitCode);
        await ProcessState.WaitUntilAsync(() => !Directory.EnumerateFileSystemEntries(_folder["tmp"]).Any(), "nothing was left");
    }

    [Fact]
    public async Task Two_runs_at_the_same_time_have_one_each()
    {
        var archive = Archive("import os, time; print('code', os.environ['ENTRYPOINT_CODE']); time.sleep(0.5)");

        var results = await Task.WhenAll(EntrypointProcess.RunAsync([archive], Environment), EntrypointProcess.RunAsync([archive], Environment));

        var folders = results.Select(result => result.Output.Split('\n').Single(line => line.StartsWith("code ", StringComparison.Ordinal)));
        Assert.Equal(2, folders.Distinct().Count());
        AssertNothingIsLeft();
    }
}

namespace Entrypoint.EndToEnd.Init;

/// <summary>How children come into being: through a second process of the executable, which becomes what is meant.</summary>
public sealed class ChildStartTests : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Steps_and_the_job_start_when_the_executable_has_been_removed(bool proc)
    {
        string[] withoutProc = ["unshare", "--pid", "--fork", "--mount", "--kill-child", .. Wrapper.Shell("umount -l /proc && exec \"$@\"")];
        var copy = _folder["entrypoint"];
        File.Copy(EntrypointProcess.Executable, copy);
        _folder.Write("job/setup.sh", $"rm '{copy}' && echo it is gone\n");
        using var process = EntrypointProcess.Start([_folder.Job("import sys; print('ran'); sys.exit(6)")], wrapper: proc ? [] : withoutProc, program: copy);

        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 6, result.ToString());
        Assert.Contains("it is gone\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("ran\n", result.Output, StringComparison.Ordinal);
    }

    /// <summary>A thread that let it in would give the runtime a child's end before it was looked at.</summary>
    [Fact]
    public async Task No_thread_of_the_program_lets_SIGCHLD_in()
    {
        _folder.Write("job/setup.sh", "true\n");
        var result = await EntrypointProcess.RunAsync([_folder.Job(
            """
            import os
            program = os.getppid()
            for task in os.listdir(f"/proc/{program}/task"):
                status = {line.split(":")[0]: line.split()[-1] for line in open(f"/proc/{program}/task/{task}/status") if line.split()[1:]}
                print("thread", status["Name"], "blocks SIGCHLD:", bool(int(status["SigBlk"], 16) >> 16 & 1))
            """)]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("blocks SIGCHLD: True", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("blocks SIGCHLD: False", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_entered_is_77()
    {
        var job = _folder.Job("print('ran')");
        File.Copy(EntrypointProcess.Executable, _folder["entrypoint"]);
        Directory.CreateDirectory(_folder["closed"], (UnixFileMode)0b111_000_000);
        foreach (var path in new[] { _folder.Path, job, _folder["entrypoint"] })
        {
            File.SetUnixFileMode(path, Everybody);
        }

        var result = await EntrypointProcess.RunAsync(
            ["--python", "/usr/bin/python3", "--workdir", _folder["closed"], job],
            new Dictionary<string, string?> { ["HOME"] = "/", ["TMPDIR"] = null },
            wrapper: Wrapper.Shell($"cd / && shift && exec setpriv --reuid=65534 --regid=65534 --clear-groups '{_folder["entrypoint"]}' \"$@\""));

        Assert.True(result.ExitCode == 77, result.ToString());
        Assert.Contains(_folder["closed"], result.Output, StringComparison.Ordinal);
    }

    /// <summary>The runtime may reap a child together with another that ended at the same moment; each is told once, and rightly.</summary>
    [Fact]
    public async Task The_ends_of_steps_are_told_apart_from_those_of_a_crowd_of_orphans()
    {
        _folder.Write(
            "job/setup.sh",
            """
            for i in $(seq 60); do (setsid sh -c 'sleep 0.0$(($$ % 10)); exit 9' &) ; done
            exit 0
            """);
        var result = await EntrypointProcess.RunAsync([_folder.Job("import sys; sys.exit(6)")], wrapper: Wrapper.Pid1);

        Assert.True(result.ExitCode == 6, result.ToString());
    }
}

namespace Entrypoint.EndToEnd.Init;

/// <summary>Containers that leave out what one is used to.</summary>
public sealed class RestrictedEnvironmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Runs_as_pid_1_with_no_proc_mounted()
    {
        var job = _folder.Job(
            """
            import os, sys
            print("pid 1:", os.getppid() == 1, "proc:", os.listdir("/proc"))
            for _ in range(50):
                if (child := os.fork()) == 0:
                    os.fork()
                    os._exit(9)
                os.waitpid(child, 0)
            sys.exit(6)
            """);

        var result = await EntrypointProcess.RunAsync(
            [job], wrapper: ["unshare", "--pid", "--fork", "--mount", "--kill-child", .. Wrapper.Shell("umount -l /proc && exec \"$@\"")]);

        Assert.True(result.ExitCode == 6, result.ToString());
        Assert.Contains("pid 1: True proc: []", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepares_and_forwards_with_no_proc_mounted()
    {
        _folder.Write("job/setup.sh", "echo prepared\n");
        using var process = EntrypointProcess.Start(
            [_folder.Job(Jobs.SignalPrinter)],
            wrapper: ["unshare", "--pid", "--fork", "--mount", "--kill-child", .. Wrapper.Shell("umount -l /proc && exec \"$@\"")]);
        await process.WaitForAsync("ready");
        var program = await process.ProgramIdAsync();

        EntrypointProcess.SendSignal(program, SIGTERM);
        await process.WaitForAsync($"got {SIGTERM}");
        EntrypointProcess.SendSignal(program, SIGRTMAX);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 42, result.ToString());
        Assert.Contains("prepared\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Runs_as_nobody_on_a_file_system_that_cannot_be_written(bool pid1)
    {
        var result = await EntrypointProcess.RunAsync(
            [PublicJob("import os, sys; print('as', os.getuid()); sys.exit(6)"), "--python", "/usr/bin/python3"],
            new Dictionary<string, string?> { ["HOME"] = null, ["TMPDIR"] = null },
            wrapper: [.. pid1 ? Wrapper.Pid1 : ["unshare", "--mount"], .. Nobody()]);

        Assert.True(result.ExitCode == 6, result.ToString());
        Assert.Contains("as 65534", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[WARNING]", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task What_needs_a_place_to_write_and_has_none_is_73()
    {
        PublicJob("pass");
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["job"], _folder["job.zip"]);
        File.SetUnixFileMode(_folder["job.zip"], (UnixFileMode)0b110_100_100);

        var result = await EntrypointProcess.RunAsync(
            [_folder["job.zip"], "--python", "/usr/bin/python3"],
            new Dictionary<string, string?> { ["HOME"] = null, ["TMPDIR"] = null },
            wrapper: ["unshare", "--mount", .. Nobody()]);

        Assert.True(result.ExitCode == 73, result.ToString());
        Assert.Contains("/tmp", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_while_unpacking_is_74_and_leaves_nothing()
    {
        _folder.Job("pass");
        await File.WriteAllBytesAsync(_folder["job/large"], new byte[4_000_000]);
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["job"], _folder["job.zip"]);
        Directory.CreateDirectory(_folder["small"]);

        var result = await EntrypointProcess.RunAsync(
            [_folder["job.zip"]],
            new Dictionary<string, string?> { ["TMPDIR"] = _folder["small"] },
            wrapper: ["unshare", "--mount", .. Wrapper.Shell($"mount -t tmpfs -o size=1m none '{_folder["small"]}' && \"$@\"; code=$?; ls -A '{_folder["small"]}' | sed s/^/left:/; exit $code")]);

        Assert.True(result.ExitCode == 74, result.ToString());
        Assert.DoesNotContain("left:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_with_nothing_in_the_environment()
    {
        var result = await EntrypointProcess.RunAsync(
            [_folder.Job("import os; print('names', sorted(os.environ))"), "--python", Interpreter.Program], wrapper: ["env", "-i"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches(@"names \['ENTRYPOINT_CODE', ('LC_CTYPE', )?'PYTHONUNBUFFERED'\]", result.Output);
    }

    [Fact]
    public async Task Runs_as_a_user_that_nobody_knows_and_leaves_no_trace_of_a_plain_run()
    {
        Directory.CreateDirectory(_folder["home"]);
        Directory.CreateDirectory(_folder["tmp"]);

        var result = await EntrypointProcess.RunAsync(
            [_folder.Job("pass")], new Dictionary<string, string?> { ["HOME"] = _folder["home"], ["TMPDIR"] = _folder["tmp"] });

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["home"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
    }

    [Fact]
    public async Task Runs_with_a_small_limit_of_memory_and_of_descriptors()
    {
        var result = await EntrypointProcess.RunAsync([_folder.Job("print('ran')")], wrapper: Wrapper.Shell("ulimit -n 16; exec \"$@\""));

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <summary>Another copy of the executable, and a job, where everybody may read them.</summary>
    private string PublicJob(string python)
    {
        const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;
        var job = _folder.Job(python);
        File.Copy(EntrypointProcess.Executable, _folder["entrypoint"]);
        foreach (var path in new[] { _folder.Path, job, _folder["entrypoint"] })
        {
            File.SetUnixFileMode(path, Everybody);
        }

        return job;
    }

    /// <summary>All file systems read-only, and the user nobody, for the copy of the executable.</summary>
    private string[] Nobody() => Wrapper.Shell(
        "mount --make-rprivate / && mount -o remount,bind,ro / && for place in /tmp /var/tmp /dev/shm; do mount --bind $place $place && mount -o remount,bind,ro $place; done && "
        + $"cd / && shift && exec setpriv --reuid=65534 --regid=65534 --clear-groups '{_folder["entrypoint"]}' \"$@\"");
}

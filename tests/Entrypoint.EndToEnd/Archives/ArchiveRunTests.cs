namespace Entrypoint.EndToEnd.Archives;

/// <summary>Jobs in archives, packed by the programs that people pack with, run by the published executable.</summary>
public sealed class ArchiveRunTests : IDisposable
{
    private const string Job =
        """
        import os, sys
        print('ran', os.path.basename(sys.argv[0]), oct(os.stat(sys.path[0]).st_mode & 0o777), sys.path[0])

        """;

    private readonly TemporaryFolder _folder = new();

    public ArchiveRunTests()
    {
        _folder.Write("job/__main__.py", Job);
        _folder.Write("job/pkg/data.txt", "data");
        Directory.CreateDirectory(_folder["tmp"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tar -C job -cf a.bin .")]
    [InlineData("tar -czf a.bin job")]
    [InlineData("tar --format=gnu -cjf a.bin job")]
    [InlineData("tar --format=v7 -cJf a.bin job")]
    [InlineData("python3 -m zipfile -c a.bin job/__main__.py job/pkg")]
    [InlineData("cd job && 7z a -tzip -mm=BZip2 ../a.bin .")]
    [InlineData("cd job && 7z a -tzip -mm=LZMA ../a.bin .")]
    [InlineData("cd job && head -c 200000 /dev/zero > big && 7z a -tzip -mm=Deflate64 ../a.bin .")]
    [InlineData("python3 -c 'import zipfile; z = zipfile.ZipFile(\"a.bin\", \"w\", zipfile.ZIP_LZMA); z.write(\"job/__main__.py\"); z.close()'")]
    [InlineData("python3 -c 'import zipfile; z = zipfile.ZipFile(\"a.bin\", \"w\", zipfile.ZIP_BZIP2); z.write(\"job/__main__.py\"); z.close()'")]
    [InlineData("python3 -m zipapp job -o a.bin -p /usr/bin/python3")]
    [InlineData("python3 -m zipfile -c b.zip job/ && (echo '#!/usr/bin/python3'; cat b.zip) > a.bin")]
    public async Task Runs_what_was_packed_and_leaves_nothing(string pack)
    {
        Shell(pack);

        var run = await RunAsync([_folder["a.bin"]]);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran ", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
    }

    [Theory]
    [InlineData("--format=gnu", false)]
    [InlineData("--format=pax --sparse-version=0.0", false)]
    [InlineData("--format=pax --sparse-version=0.1", false)]
    [InlineData("--format=pax --sparse-version=1.0", false)]
    [InlineData("--format=gnu", true)]
    [InlineData("--format=pax --sparse-version=1.0", true)]
    public async Task Sparse_files_keep_their_holes_and_their_content(string form, bool fromTheWeb)
    {
        // More pieces than fit into the header of any form, data at the start and a hole at the end, and a file that is one hole.
        _folder.Write("job/__main__.py", """
            import hashlib, os, sys
            for name in ("many", "hole"):
                path = os.path.join(sys.path[0], name)
                content = open(path, "rb").read()
                print("file", name, len(content), hashlib.md5(content).hexdigest(), os.stat(path).st_blocks * 512 < len(content) / 2)
            """);
        Shell("""
            python3 -c '
            with open("job/many", "wb") as file:
                for number in range(100):
                    file.seek(number * 65536)
                    file.write(b"%d" % number * 300)
                file.truncate(200 * 65536)
            with open("job/hole", "wb") as file:
                file.truncate(1 << 20)
            '
            """);
        Shell($"tar {form} -cSf a.tar -C job .");
        var plain = await RunAsync([_folder["job"]]);
        await using var server = await Web.StubServer.StartAsync((context, _) => Web.StubServer.SendAsync(context, File.ReadAllBytes(_folder["a.tar"])));

        var run = await RunAsync([fromTheWeb ? server.Address + "/a.tar" : _folder["a.tar"]]);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(2, Lines(plain).Length);
        Assert.Equal(Lines(plain), Lines(run));
        Assert.All(Lines(run), line => Assert.EndsWith("True", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("['__main__.py', 'pkg\\\\', 'pkg\\\\data.txt']", 0, 0)]
    [InlineData("['job\\\\__main__.py', 'job\\\\pkg\\\\data.txt']", 0, 0)]
    [InlineData("['__main__.py', '..\\\\..\\\\evil.txt']", 0, 65)]
    [InlineData("['__main__.py', 'pkg/data.txt', 'a\\\\b']", 3, 0)]
    public async Task Backslashes_of_windows_are_folders_and_those_of_unix_are_letters(string names, int system, int code)
    {
        _folder.Write("pack.py", $"""
            import zipfile
            with zipfile.ZipFile("a.zip", "w") as archive:
                for name in {names}:
                    info = zipfile.ZipInfo("x")
                    info.filename, info.create_system, info.external_attr = name, {system}, 0x20
                    archive.writestr(info, "import os, sys; print('folder', os.path.isfile(sys.path[0] + '/pkg/data.txt'), os.path.isfile(sys.path[0] + '/a\\\\b'))")
            """);
        Shell("python3 pack.py");

        var run = await RunAsync([_folder["a.zip"]]);

        Assert.True(run.ExitCode == code, run.ToString());
        if (code == 0)
        {
            Assert.Contains($"folder True {(system == 3 ? "True" : "False")}", run.Output, StringComparison.Ordinal);
        }
    }

    private static string[] Lines(RunResult run) => run.Output.Split('\n').Where(line => line.StartsWith("file ", StringComparison.Ordinal)).ToArray();

    [Fact]
    public async Task The_folder_is_private_and_named_to_the_job()
    {
        _folder.Write("job/__main__.py",
            """
            import os
            c = os.environ['ENTRYPOINT_CODE']
            print('mode', oct(os.stat(os.path.dirname(c)).st_mode), c)
            """);
        Shell("tar -cf a.tar job");

        var run = await RunAsync([_folder["a.tar"]]);

        Assert.Contains($"mode 0o40700 {_folder["tmp"]}/entrypoint-", run.Output, StringComparison.Ordinal);
        Assert.Contains("/job\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkdir other && touch other/x && tar -cf a other job", 66, "__main__.py")]
    [InlineData("tar -cf a job/pkg", 66, "__main__.py")]
    [InlineData("tar -cf a --transform 's,^job/pkg,../evil,' -P job/pkg", 65, "outside the folder")]
    [InlineData("tar -cPf a $PWD/job", 65, "outside the folder")]
    [InlineData("ln -s /etc/passwd job/link && tar -cf a job", 65, "leads out")]
    [InlineData("cd job && 7z a -tzip -mm=PPMd ../a .; mv ../a.zip ../a; true", 65, "is compressed by Ppmd")]
    [InlineData("mkfifo job/pipe && tar -cf a job", 65, "a named pipe")]
    [InlineData("tar -cf a job /dev/null", 65, "a device")]
    [InlineData("head -c 300000 /dev/urandom > job/big && tar -czf b job && head -c 200000 b > a", 65, "broken archive")]
    [InlineData("head -c 300000 /dev/urandom > job/big && tar -cJf b job && head -c 200000 b > a", 65, "broken archive")]
    [InlineData("head -c 300000 /dev/urandom > job/big && tar -cf b job && head -c 200000 b > a", 65, "broken archive")]
    [InlineData("head -c 300000 /dev/urandom > job/big && python3 -m zipfile -c b job/ && head -c 200000 b > a", 65, "broken archive")]
    [InlineData("gzip -c job/__main__.py > a", 65, "no tar archive")]
    public async Task Ends_with_the_code_and_the_reason(string pack, int code, string reason)
    {
        Shell(pack);

        var run = await RunAsync([_folder["a"]]);

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Contains(reason, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ran ", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
        Assert.False(File.Exists(_folder["evil/data.txt"]));
    }

    [Fact]
    public async Task Names_that_are_not_utf8_are_no_hindrance()
    {
        Shell("printf data > job/$(printf 'caf\\351') && tar -czf a job && rm job/caf*");

        var run = await RunAsync([_folder["a"]]);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
    }

    [Fact]
    public async Task Read_only_folders_are_removed_too()
    {
        Shell("chmod 555 job/pkg job && tar -cf a job && chmod 755 job job/pkg");

        var run = await RunAsync([_folder["a"]], wrapper: AsNobody());

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
    }

    [Fact]
    public async Task An_archive_that_may_not_be_read_is_denied_access()
    {
        Shell("tar -cf a job && chmod 600 a");

        var run = await RunAsync([_folder["a"]], wrapper: AsNobody());

        Assert.True(run.ExitCode == 77, run.ToString());
        Assert.Contains("permission denied", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_reported_and_left_empty()
    {
        Shell("head -c 3000000 /dev/urandom > job/big && tar -czf a job");

        // A file system of 1 MB in a mount namespace of its own; the wrapper looks into it after the run.
        var run = await RunAsync(
            [_folder["a"]],
            wrapper: ["unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=1m none \"$TMPDIR\" && { \"$@\"; code=$?; echo \"left: $(ls \"$TMPDIR\")\"; exit $code; }", "sh"]);

        Assert.True(run.ExitCode == 74, run.ToString());
        Assert.Contains("No space left on device", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("left: \n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requirements_only_needs_no_main()
    {
        Shell("tar -cf a job/pkg");

        var run = await RunAsync(["--requirements-only", _folder["a"]]);

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task The_plan_of_an_archive_has_no_steps_and_no_command()
    {
        Shell("tar -cf a job");

        var run = await RunAsync(["--dry-run", _folder["a"]]);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("\"command\": null", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"steps\": null", run.Output, StringComparison.Ordinal);
    }

    private Task<RunResult> RunAsync(string[] arguments, IReadOnlyList<string>? wrapper = null) => EntrypointProcess.RunAsync(
        arguments,
        new Dictionary<string, string?> { ["TMPDIR"] = _folder["tmp"], ["ENTRYPOINT_STATE"] = _folder["state"] },
        wrapper: wrapper);

    /// <summary>Root may read everything; this user may not.</summary>
    private string[] AsNobody()
    {
        Shell("chmod 755 . && chmod 777 tmp");
        return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    }

    private void Shell(string command)
    {
        var result = Tool.TryRunAsync("/bin/bash", ["-ec", command], _folder.Path).GetAwaiter().GetResult();
        Assert.True(result.ExitCode == 0, $"{command}: {result}");
    }
}

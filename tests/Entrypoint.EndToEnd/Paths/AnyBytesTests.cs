namespace Entrypoint.EndToEnd.Paths;

/// <summary>Folders whose names are no UTF-8, as old archives and file systems have them.</summary>
public sealed class AnyBytesTests : IAsyncDisposable
{
    /// <summary>Goes into the folder (made where it is missing) and becomes the program; "odd" in an argument stands for the folder's bytes.</summary>
    private const string Enter = """
        import os, sys
        odd = b'caf\xe9-\xff\xfe'
        def real(word):
            return os.fsencode(word).replace(b'odd', odd)
        start, names, program, *arguments = sys.argv[1:]
        here = os.getcwdb()
        os.makedirs(real('odd'), exist_ok=True)
        for name in filter(None, names.split(',')):
            os.rename(name, real('odd/' + name))
        os.chdir(real(start))
        for name in [name for name, value in os.environ.items() if value.startswith('odd')]:
            os.environb[os.fsencode(name)] = here + b'/' + real(os.environ[name])
        os.execve(program, [os.fsencode(program), *map(real, arguments)], os.environb)
        """;

    private const string Job = """
        import os, sys
        print('in', os.getcwdb().rsplit(b'/', 1)[1])
        print('from', os.environb[b'ENTRYPOINT_CODE'].rsplit(b'/', 1)[1], os.environb[b'ENTRYPOINT_CODE'] == os.fsencode(sys.path[0]))
        """;

    private const string Odd = @"b'caf\xe9-\xff\xfe'";

    private readonly TemporaryFolder _folder = new();

    /// <summary>.NET cannot remove what it cannot name.</summary>
    public async ValueTask DisposeAsync()
    {
        await Tool.RunAsync("find", [_folder.Path, "-mindepth", "1", "-delete"]);
        _folder.Dispose();
    }

    /// <param name="start">The folder to start in.</param>
    /// <param name="moved">What is moved into the odd folder first.</param>
    private Task<RunResult> RunAsync(string start, string moved, string[] arguments, Dictionary<string, string?>? environment = null) => EntrypointProcess.RunAsync(
        arguments, environment ?? new() { ["TMPDIR"] = _folder.Path }, _folder.Path, [Interpreter.Program, "-c", Enter, start, moved]);

    private static void AssertRan(RunResult result, string folder, string code)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"in {folder}\nfrom {code} True", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".", "odd")]
    [InlineData("odd", ".")]
    [InlineData("odd", "./__main__.py")]
    public async Task Code_in_such_a_folder_runs_with_all_its_steps(string start, string code)
    {
        _folder.Write("__main__.py", Job);
        _folder.Write("setup.sh", "echo prepared in $(pwd | od -An -c | tr -d ' \\n')");
        _folder.Write("requirements.txt", "--no-index\n-r more.txt\n");
        _folder.Write("more.txt", "# nothing\n");

        var result = await RunAsync(start, "__main__.py,setup.sh,requirements.txt,more.txt", [code, "--workdir", "."]);

        AssertRan(result, Odd, Odd);
        Assert.Contains(@"caf351-377376", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Such_a_folder_is_the_working_directory()
    {
        _folder.Job(Job);

        var result = await RunAsync(".", "", ["job", "--workdir", "../odd"]);

        AssertRan(result, Odd, "b'job'");
    }

    [Fact]
    public async Task A_job_elsewhere_starts_from_such_a_current_directory()
    {
        _folder.Job(Job);

        var result = await RunAsync("odd", "", [_folder["job"]]);

        AssertRan(result, Odd, "b'job'");
    }

    [Fact]
    public async Task An_archive_in_such_a_folder_is_unpacked()
    {
        _folder.Write("packed/__main__.py", "print('ran from the archive')");
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["packed"], _folder["code.zip"]);

        var result = await RunAsync(".", "code.zip", ["odd/code.zip"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran from the archive", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_main_in_such_a_folder_is_reported_as_anywhere()
    {
        var result = await RunAsync(".", "", ["odd"]);

        Assert.True(result.ExitCode == 66, result.ToString());
        Assert.Contains("No __main__.py at the root of", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_temporary_folders_may_be_in_such_a_folder()
    {
        _folder.Write("packed/__main__.py", "import os; print('ran', os.path.isdir(os.environb[b'ENTRYPOINT_CODE']))");
        _folder.Write("packed/requirements.txt", "--no-index\n");
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["packed"], _folder["code.zip"]);

        var result = await RunAsync(".", "", ["code.zip"], new() { ["TMPDIR"] = "odd" });

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran True", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[WARNING]", result.Output, StringComparison.Ordinal);
    }
}

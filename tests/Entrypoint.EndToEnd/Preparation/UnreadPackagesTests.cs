namespace Entrypoint.EndToEnd.Preparation;

/// <summary>By default nothing but the three documented files is read, and that is said.</summary>
public sealed class UnreadPackagesTests : IDisposable
{
    private const string Fails =
        """
        print('JOB RAN')
        raise SystemExit(3)

        """;
    private const string Switch = "--dependencies auto (ENTRYPOINT_DEPENDENCIES=auto)";

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("pyproject.toml", "[project]\nname = \"x\"\ndependencies = [\"alpha\", \"beta\", \"gamma\"]\n", "names 3 dependencies, which are not installed")]
    [InlineData("pyproject.toml", "[project]\nname = \"x\"\ndependencies = [\"alpha\"]\n", "names 1 dependency, which is not installed")]
    [InlineData("pyproject.toml", "[build-system]\nrequires = [\"hatchling\"]\n", "describes a package, which is not installed")]
    [InlineData("setup.py", "", "describes a package, which is not installed")]
    [InlineData("pylock.toml", "lock-version = \"1.0\"\n", "locks packages, which are not installed")]
    public async Task Are_named_with_the_switch_at_the_start_and_when_the_job_has_failed(string file, string text, string says)
    {
        _bench.With(Fails, (file, text));

        var result = await _bench.RunAsync();

        Assert.True(result.ExitCode == 3, result.ToString());
        var lines = result.Output.TrimEnd().Split('\n');
        Assert.Contains($"[INFO] {file} {says}", lines.First(line => line.Contains(file, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains($"[INFO] {file} {says}", lines[^2], StringComparison.Ordinal);
        Assert.Contains(Switch, lines[^2], StringComparison.Ordinal);
        Assert.DoesNotContain("-m pip", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_script_are_named_too()
    {
        _bench.Folder.Write("job/train.py", "# /// script\n# dependencies = [\"alpha\"]\n# ///\nprint('JOB RAN')\n");

        var result = await EntrypointProcess.RunAsync([_bench["job/train.py"], "--python", _bench.Python], _bench.Environment);

        ProjectJob.AssertRan(result, "JOB RAN");
        Assert.Single(result.Output.Split('\n'), line => line.Contains("[INFO] train.py names 1 dependency, which is not installed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Are_a_warning_where_nothing_but_preparing_was_asked_for()
    {
        _bench.With(Fails, ("pyproject.toml", "[project]\nname = \"x\"\ndependencies = [\"alpha\"]\n"));

        var result = await _bench.RunAsync("--requirements-only");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("[WARNING] pyproject.toml names 1 dependency, which is not installed", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pyproject.toml", "[tool.ruff]\nline-length = 99\n")]
    [InlineData("pyproject.toml", "[project]\nname = \"x\"\n")]
    [InlineData("pyproject.toml", "[dependency-groups]\ndev = [\"alpha\"]\n")]
    [InlineData("pyproject.toml", "[project\nbroken")]
    [InlineData("Pipfile", "")]
    public async Task Are_not_named_where_there_are_none(string file, string text)
    {
        _bench.With("print('JOB RAN')\n", (file, text));

        var result = await _bench.RunAsync();

        ProjectJob.AssertRan(result, "JOB RAN");
        Assert.DoesNotContain(file, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("requirements.txt", "")]
    [InlineData("setup.sh", "true\n")]
    public async Task Are_not_named_beside_a_file_that_is_read(string file, string text)
    {
        _bench.With("print('JOB RAN')\n", (file, text), ("pyproject.toml", "[project]\nname = \"x\"\ndependencies = [\"alpha\"]\n"));

        var result = await _bench.RunAsync();

        ProjectJob.AssertRan(result, "JOB RAN");
        Assert.DoesNotContain("pyproject.toml", result.Output, StringComparison.Ordinal);
    }
}

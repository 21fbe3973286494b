namespace Entrypoint.EndToEnd.CommandLine;

public sealed class HelpTests
{
    [Theory]
    [InlineData("--requirements-only")]
    [InlineData("--code-only")]
    [InlineData("--dry-run")]
    [InlineData("--keep-going")]
    [InlineData("--sparse")]
    [InlineData("--fetch-timeout")]
    [InlineData("--refresh")]
    [InlineData("--dependencies")]
    [InlineData("--extra")]
    [InlineData("--group")]
    [InlineData("--python")]
    [InlineData("--workdir")]
    [InlineData("--timeout")]
    [InlineData("--grace-period")]
    [InlineData("--report")]
    [InlineData("--log-format")]
    [InlineData("--log-level")]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("EXECUTE_CODE")]
    [InlineData("WORKSPACE_HOME")]
    [InlineData("WORKSPACE_COMMAND")]
    [InlineData("RESOURCES_PATH")]
    [InlineData("CONDA_ROOT")]
    [InlineData("LAB_ENDPOINT")]
    [InlineData("LAB_API_TOKEN")]
    [InlineData("LAB_PROJECT")]
    [InlineData("LAB_API_ENDPOINT")]
    [InlineData("CONTAXY_API_ENDPOINT")]
    [InlineData("CONTAXY_API_TOKEN")]
    [InlineData("LAB_CA_BUNDLE")]
    [InlineData("LAB_INSECURE")]
    [InlineData("DATA_ENVIRONMENT")]
    [InlineData("MAX_NUM_THREADS")]
    [InlineData("WORKSPACE_BASE_URL")]
    [InlineData("JUPYTERHUB_SERVICE_PREFIX")]
    [InlineData("ENTRYPOINT_STATE")]
    [InlineData("ENTRYPOINT_GIT")]
    public async Task Shows(string name)
    {
        var result = await Help.Value;

        Assert.Contains(name, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("64")]
    [InlineData("65")]
    [InlineData("66")]
    [InlineData("69")]
    [InlineData("70")]
    [InlineData("73")]
    [InlineData("74")]
    [InlineData("77")]
    [InlineData("78")]
    [InlineData("124")]
    [InlineData("126")]
    [InlineData("127")]
    [InlineData("128")]
    public async Task Shows_the_exit_code(string code)
    {
        var result = await Help.Value;

        Assert.Matches($@"\b{code}\b", result.Output);
    }

    [Fact]
    public async Task Goes_to_standard_output_and_is_a_success()
    {
        var result = await Help.Value;

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("", result.Error);
        Assert.DoesNotContain("[INFO]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wins_over_what_else_is_asked_for()
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync([folder.Job("print('ran')"), "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("ran\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("--grace-period", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_row_keeps_to_its_columns()
    {
        var rows = (await Help.Value).Output.Split('\n').SkipWhile(line => !line.StartsWith("Options", StringComparison.Ordinal))
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal)).ToList();
        var column = rows.Single(row => row.StartsWith("  --help ", StringComparison.Ordinal)).IndexOf("print", StringComparison.Ordinal);

        Assert.All(rows, row => Assert.True(row[column - 1] == ' ' && row[column] != ' ', row));
    }

    [Fact]
    public async Task Behind_the_separator_is_the_jobs()
    {
        using var folder = new TemporaryFolder();

        var result = await EntrypointProcess.RunAsync([folder.Job("import sys; print(sys.argv[1:])"), "--", "--help", "--version"]);

        Assert.Contains("['--help', '--version']", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var result = await EntrypointProcess.RunAsync(["--version"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^(entrypoint )?[0-9]+\.[0-9]+\.[0-9]+[^\n]*\n$", result.Output);
        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task Works_without_anything_in_the_environment(string option)
    {
        var result = await EntrypointProcess.RunAsync([option], wrapper: ["env", "-i"]);

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private static readonly Lazy<Task<RunResult>> Help = new(() => EntrypointProcess.RunAsync(["--help"]));
}

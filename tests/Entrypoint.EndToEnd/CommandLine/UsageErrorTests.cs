namespace Entrypoint.EndToEnd.CommandLine;

public sealed class UsageErrorTests
{
    [Theory]
    [InlineData("--time-out=5", "--timeout")]
    [InlineData("--requirement-only", "--requirements-only")]
    [InlineData("--code_only", "--code-only")]
    [InlineData("--dryrun", "--dry-run")]
    [InlineData("--log-fromat=json", "--log-format")]
    [InlineData("--greace-period", "--grace-period")]
    public async Task A_mistyped_option_is_answered_with_the_nearest(string option, string nearest)
    {
        var result = await RunAsync(["job", option]);

        AssertUsage(result, option.Split('=')[0], nearest);
    }

    [Theory]
    [InlineData("--yolo")]
    [InlineData("-x")]
    [InlineData("-xyz")]
    [InlineData("--")]
    public async Task An_unknown_option_is_named(string option)
    {
        if (option == "--")
        {
            // Only the first separator is one: what follows is the job's, and that is no error.
            using var folder = new TemporaryFolder();
            var job = await EntrypointProcess.RunAsync([folder.Job("import sys; print(sys.argv[1:])"), "--", "--"]);
            Assert.Contains("['--']", job.Output, StringComparison.Ordinal);
            return;
        }

        AssertUsage(await RunAsync(["job", option]), option);
    }

    [Theory]
    [InlineData("--timeout", "soon")]
    [InlineData("--timeout", "-5")]
    [InlineData("--timeout", "5 parsecs")]
    [InlineData("--timeout", "")]
    [InlineData("--timeout", "1e400")]
    [InlineData("--timeout", "999999999999999999999h")]
    [InlineData("--grace-period", "5x")]
    [InlineData("--fetch-timeout", "never")]
    [InlineData("--log-format", "xml")]
    [InlineData("--log-level", "loud")]
    [InlineData("--workdir", "")]
    [InlineData("--python", "")]
    [InlineData("--report", "")]
    public async Task A_value_that_cannot_be_read_is_named(string option, string value)
    {
        AssertUsage(await RunAsync(["job", option, value]), option, value);
        AssertUsage(await RunAsync(["job", $"{option}={value}"]), option, value);
    }

    [Theory]
    [InlineData("--log-format", "xml", "json")]
    [InlineData("--log-level", "loud", "warning")]
    [InlineData("--timeout", "soon", "15m")]
    public async Task The_message_says_what_is_allowed(string option, string value, string allowed)
    {
        AssertUsage(await RunAsync(["job", option, value]), allowed);
    }

    [Theory]
    [InlineData("--timeout")]
    [InlineData("--grace-period")]
    [InlineData("--python")]
    [InlineData("--workdir")]
    [InlineData("--log-format")]
    public async Task A_missing_value_is_named(string option)
    {
        AssertUsage(await RunAsync(["job", option]), option);
        AssertUsage(await RunAsync(["job", option, "--", "x"]), option);
    }

    [Theory]
    [InlineData(true, "job", "--yolo", "--log-format", "json")]
    [InlineData(true, "--log-format=json", "job", "--timeout", "soon")]
    [InlineData(true, "--log-format=json", "job", "--report")]
    [InlineData(true, "--log-format", "text", "--log-format", "json", "--yolo")]
    [InlineData(false, "job", "--yolo", "--", "--log-format", "json")]
    [InlineData(false, "--log-format", "xml", "--yolo")]
    public async Task The_line_has_the_form_that_the_options_ask_for(bool json, params string[] arguments)
    {
        var result = await RunAsync(arguments);

        Assert.True(result.ExitCode == 64, result.ToString());
        Assert.True(result.Output.StartsWith('{') == json, result.ToString());
    }

    [Fact]
    public async Task Requirements_only_and_code_only_exclude_each_other()
    {
        var expected = new[] { "--requirements-only", "--code-only" };
        AssertUsage(await RunAsync(["job", "--requirements-only", "--code-only"]), expected);
        AssertUsage(await RunAsync(["job"], ("ENTRYPOINT_REQUIREMENTS_ONLY", "true"), ("ENTRYPOINT_CODE_ONLY", "true")), expected);
    }

    [Theory]
    [InlineData("--requirements-only")]
    [InlineData("--code-only")]
    public async Task Without_code_a_flag_that_needs_one_names_execute_code(string option)
    {
        AssertUsage(await RunAsync([option]), "EXECUTE_CODE");
        AssertUsage(await RunAsync([option], ("EXECUTE_CODE", "")), "EXECUTE_CODE");
    }

    [Fact]
    public async Task Two_codes_are_one_too_many()
    {
        AssertUsage(await RunAsync(["job", "second"]), "second");
    }

    [Theory]
    [InlineData("ENTRYPOINT_TIMEOUT", "soon")]
    [InlineData("ENTRYPOINT_GRACE_PERIOD", "soon")]
    [InlineData("ENTRYPOINT_FETCH_TIMEOUT", "soon")]
    [InlineData("ENTRYPOINT_KEEP_GOING", "perhaps")]
    [InlineData("ENTRYPOINT_DRY_RUN", "perhaps")]
    [InlineData("ENTRYPOINT_SPARSE", "perhaps")]
    [InlineData("ENTRYPOINT_REFRESH", "perhaps")]
    [InlineData("ENTRYPOINT_CODE_ONLY", "perhaps")]
    [InlineData("ENTRYPOINT_REQUIREMENTS_ONLY", "perhaps")]
    [InlineData("ENTRYPOINT_LOG_FORMAT", "xml")]
    [InlineData("ENTRYPOINT_LOG_LEVEL", "loud")]
    [InlineData("ENTRYPOINT_GIT", "magic")]
    [InlineData("MAX_NUM_THREADS", "many")]
    [InlineData("MAX_NUM_THREADS", "0")]
    [InlineData("MAX_NUM_THREADS", "-1")]
    [InlineData("MAX_NUM_THREADS", "1.5")]
    [InlineData("MAX_NUM_THREADS", "99999999999999999999")]
    [InlineData("LAB_CA_BUNDLE", "/not/there.pem")]
    [InlineData("LAB_INSECURE", "perhaps")]
    public async Task A_variable_that_cannot_be_read_is_named(string name, string value)
    {
        AssertUsage(await RunAsync(["job"], (name, value)), name, value);
    }

    [Fact]
    public async Task Nothing_is_run_or_printed_on_standard_output_of_a_dry_run()
    {
        var result = await RunAsync(["job", "--dry-run", "--yolo"]);

        var byVariable = await RunAsync(["job", "--yolo"], ("ENTRYPOINT_DRY_RUN", "true"));

        Assert.Equal((64, ""), (result.ExitCode, result.Output));
        Assert.Equal((64, ""), (byVariable.ExitCode, byVariable.Output));
    }

    private static async Task<RunResult> RunAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        using var folder = new TemporaryFolder();
        folder.Job("print('the job ran')");
        return await EntrypointProcess.RunAsync(
            arguments, environment.ToDictionary(entry => entry.Name, entry => (string?)entry.Value), workingDirectory: folder.Path);
    }

    private static void AssertUsage(RunResult result, params string[] named)
    {
        Assert.True(result.ExitCode == 64, result.ToString());
        Assert.DoesNotContain("the job ran", result.Output, StringComparison.Ordinal);
        Assert.All(named, name => Assert.Contains(name, result.Output + result.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", result.Output + result.Error, StringComparison.Ordinal);
    }
}

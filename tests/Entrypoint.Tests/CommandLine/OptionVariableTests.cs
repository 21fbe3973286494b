using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Processes;
using Serilog.Events;
using static Entrypoint.Tests.CommandLine.OptionReading;

namespace Entrypoint.Tests.CommandLine;

/// <summary>Options that come from environment variables.</summary>
public sealed class OptionVariableTests
{
    [Fact]
    public void Reads_every_option_from_its_variable()
    {
        var options = ReadWith(
            [
                ("ENTRYPOINT_DRY_RUN", "1"), ("ENTRYPOINT_KEEP_GOING", "true"), ("ENTRYPOINT_SPARSE", "yes"), ("ENTRYPOINT_FETCH_TIMEOUT", "7"),
                ("ENTRYPOINT_REFRESH", "on"), ("ENTRYPOINT_PYTHON", "py"), ("ENTRYPOINT_WORKDIR", "/w"), ("ENTRYPOINT_TIMEOUT", "2h"),
                ("ENTRYPOINT_GRACE_PERIOD", "500ms"), ("ENTRYPOINT_REPORT", "/r"), ("ENTRYPOINT_LOG_FORMAT", "json"),
                ("ENTRYPOINT_LOG_LEVEL", "error"), ("ENTRYPOINT_REQUIREMENTS_ONLY", "TRUE"), ("EXECUTE_CODE", "x"),
            ]);

        Assert.True(options.DryRun && options.KeepGoing && options.Sparse && options.Refresh && options.CodeFromEnvironment);
        Assert.Equal(
            (TimeSpan.FromSeconds(7), "py", "/w", TimeSpan.FromHours(2), TimeSpan.FromMilliseconds(500), "/r", LogFormat.Json, LogEventLevel.Error, RunMode.RequirementsOnly, "x"),
            (options.FetchTimeout, options.Python, options.WorkDir, options.Timeout, options.GracePeriod, options.ReportFile, options.LogFormat, options.LogLevel, options.Mode, options.Code));
    }

    [Fact]
    public void Command_line_wins_over_variables()
    {
        var options = ReadWith(
            [("ENTRYPOINT_TIMEOUT", "1"), ("ENTRYPOINT_KEEP_GOING", "true"), ("EXECUTE_CODE", "env"), ("ENTRYPOINT_CODE_ONLY", "true")],
            "arg", "--timeout", "2", "--keep-going=false", "--requirements-only");

        Assert.Equal(TimeSpan.FromSeconds(2), options.Timeout);
        Assert.False(options.KeepGoing);
        Assert.Equal(("arg", false), (options.Code, options.CodeFromEnvironment));
        Assert.Equal(RunMode.RequirementsOnly, options.Mode);
    }

    [Fact]
    public void An_empty_variable_counts_as_not_set()
    {
        var options = ReadWith([("ENTRYPOINT_TIMEOUT", ""), ("ENTRYPOINT_KEEP_GOING", ""), ("EXECUTE_CODE", ""), ("WORKSPACE_HOME", "")]);

        Assert.Null(options.Timeout);
        Assert.False(options.KeepGoing);
        Assert.Equal(RunMode.Workspace, options.Mode);
        Assert.Equal("/workspace", options.Settings.WorkspaceHome);
    }

    [Theory]
    [InlineData("ENTRYPOINT_TIMEOUT", "soon")]
    [InlineData("ENTRYPOINT_DRY_RUN", "maybe")]
    [InlineData("ENTRYPOINT_GIT", "svn")]
    [InlineData("LAB_INSECURE", "perhaps")]
    [InlineData("LAB_CA_BUNDLE", "/not/there.pem")]
    public void A_variable_that_cannot_be_read_is_named(string name, string value)
    {
        var exception = Assert.Throws<EntrypointException>(() => ReadWith([(name, value)], "x"));

        Assert.Equal(ExitCode.Usage, exception.Code);
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_token_of_Lab_is_a_secret()
    {
        var secrets = new Secrets();
        var environment = ProcessEnvironment.From([new("LAB_API_TOKEN", "tok-123\n")]);
        OptionsReader.Read(["x"], environment, "/here", secrets);

        Assert.Equal("it is ****", secrets.Hide("it is tok-123"));
    }

    [Theory]
    [InlineData("/state/entrypoint", "XDG_STATE_HOME", "/state")]
    [InlineData("/home/me/.local/state/entrypoint", "XDG_STATE_HOME", "relative")]
    [InlineData("/elsewhere", "ENTRYPOINT_STATE", "/elsewhere")]
    public void The_state_folder_follows_XDG(string expected, string name, string value) =>
        Assert.Equal(expected, ReadWith([("HOME", "/home/me"), (name, value)], "x").Settings.StateFolder);
}

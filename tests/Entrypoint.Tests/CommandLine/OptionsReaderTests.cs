using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Output;
using Serilog.Events;
using static Entrypoint.Tests.CommandLine.OptionReading;

namespace Entrypoint.Tests.CommandLine;

public sealed class OptionsReaderTests
{
    [Fact]
    public void Reads_every_option_from_the_command_line()
    {
        var options = Read(
            "./job", "--dry-run", "--keep-going", "--sparse", "--fetch-timeout", "5s", "--refresh", "--python=python3.11", "--workdir", "data",
            "--timeout", "15m", "--grace-period", "30", "--report", "out.json", "--log-format", "json", "--log-level", "debug", "--code-only");

        Assert.Equal("./job", options.Code);
        Assert.False(options.CodeFromEnvironment);
        Assert.True(options.DryRun && options.KeepGoing && options.Sparse && options.Refresh);
        Assert.Equal(TimeSpan.FromSeconds(5), options.FetchTimeout);
        Assert.Equal("python3.11", options.Python);
        Assert.Equal("data", options.WorkDir);
        Assert.Equal(TimeSpan.FromMinutes(15), options.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(30), options.GracePeriod);
        Assert.Equal("/here/out.json", options.ReportFile);
        Assert.Equal(LogFormat.Json, options.LogFormat);
        Assert.Equal(LogEventLevel.Debug, options.LogLevel);
        Assert.Equal(RunMode.CodeOnly, options.Mode);
    }

    [Theory]
    [InlineData("documented", PackageChoice.Documented)]
    [InlineData("auto", PackageChoice.Automatic)]
    [InlineData("script", PackageChoice.Script)]
    [InlineData("requirements.txt", PackageChoice.Requirements)]
    [InlineData("pylock.toml", PackageChoice.PyLock)]
    [InlineData("uv.lock", PackageChoice.UvLock)]
    [InlineData("pyproject.toml", PackageChoice.PyProject)]
    [InlineData("setup.py", PackageChoice.SetupPy)]
    public void Reads_where_the_packages_come_from(string word, object choice)
    {
        Assert.Equal(choice, Read("./job", "--dependencies", word).Dependencies);
        Assert.Equal(choice, ReadWith([("ENTRYPOINT_DEPENDENCIES", word)], "./job").Dependencies);
    }

    [Fact]
    public void Reads_extras_and_groups()
    {
        var options = Read("./job", "--dependencies", "auto", "--extra", "gpu, plots", "--extra", "all", "--group", "dev");

        Assert.Equal("gpu plots all", string.Join(' ', options.Extras));
        Assert.Equal("dev", string.Join(' ', options.Groups));
        Assert.Equal("a b", string.Join(' ', ReadWith([("ENTRYPOINT_EXTRA", "a,b"), ("ENTRYPOINT_DEPENDENCIES", "uv.lock")], "./job").Extras));
    }

    [Theory]
    [InlineData("documented", "--extra", "pyproject.toml")]
    [InlineData("script", "--extra", "pyproject.toml")]
    [InlineData("requirements.txt", "--group", "uv.lock")]
    [InlineData("pylock.toml", "--group", "auto")]
    [InlineData("setup.py", "--group", "pyproject.toml")]
    public void Refuses_extras_and_groups_of_a_source_that_has_none(string source, string option, string other)
    {
        var failure = Assert.Throws<EntrypointException>(() => Read("./job", "--dependencies", source, option, "x"));

        Assert.Equal(ExitCode.Usage, failure.Code);
        Assert.Contains(option, failure.Message, StringComparison.Ordinal);
        Assert.Contains(other, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dependencies", "poetry.lock", "documented, auto, script")]
    [InlineData("--extra", "a b", "names between commas")]
    [InlineData("--group", "../x", "names between commas")]
    public void Refuses_other_sources_and_what_are_no_names(string option, string value, string reason)
    {
        var failure = Assert.Throws<EntrypointException>(() => Read("./job", "--dependencies", "auto", option, value));

        Assert.Equal(ExitCode.Usage, failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--keep-going=1", true)]
    [InlineData("--keep-going=yes", true)]
    [InlineData("--keep-going=False", false)]
    [InlineData("--keep-going=off", false)]
    public void A_flag_may_have_a_truth_value(string flag, bool expected)
    {
        var options = Read("x", flag);

        Assert.Equal(("x", expected), (options.Code, options.KeepGoing));
    }

    [Fact]
    public void A_flag_does_not_swallow_the_code_behind_it()
    {
        Assert.Equal("true", Read("--keep-going", "--", "x") is { JobArguments: ["x"] } ? "true" : "false");
        Assert.Equal("./job", Read("--keep-going", "./job").Code);
    }

    [Fact]
    public void Everything_behind_the_separator_is_the_jobs()
    {
        var options = Read("job", "--", "--timeout", "-x", "--", "", "@file", "a b", "[suggest]");

        Assert.Equal(["--timeout", "-x", "--", "", "@file", "a b", "[suggest]"], options.JobArguments.ToArray());
        Assert.Null(options.Timeout);
    }

    [Theory]
    [InlineData("a@b")]
    [InlineData("@file")]
    [InlineData("[suggest]")]
    [InlineData("two words")]
    public void Odd_words_are_code(string code) => Assert.Equal(code, Read(code).Code);

    [Theory]
    [InlineData("Unknown option --keep-goign. Did you mean --keep-going?", "x", "--keep-goign")]
    [InlineData("Did you mean --requirements-only?", "x", "--requirements")]
    [InlineData("Did you mean --grace-period?", "x", "--grace-perod=3s")]
    [InlineData("Unknown option -x", "-x")]
    [InlineData("after --", "job", "extra")]
    [InlineData("exclude each other", "x", "--requirements-only", "--code-only")]
    [InlineData("EXECUTE_CODE", "--requirements-only")]
    [InlineData("EXECUTE_CODE", "--code-only")]
    [InlineData("--timeout: 'soon' is not allowed, it must be a duration", "x", "--timeout", "soon")]
    [InlineData("--timeout", "x", "--timeout=-3")]
    [InlineData("--timeout", "x", "--timeout")]
    [InlineData("--log-format: 'xml' is not allowed, it must be text or json", "x", "--log-format", "xml")]
    [InlineData("debug, info, warning or error", "x", "--log-level", "loud")]
    [InlineData("--timeout needs a value: --timeout DURATION", "x", "--timeout")]
    [InlineData("--prune needs a value: --prune DURATION", "--prune")]
    [InlineData("--keep-going: 'maybe' is not allowed, it must be true or false", "--keep-going=maybe")]
    [InlineData("--python", "x", "--python=")]
    [InlineData("an empty text", "")]
    public void What_cannot_be_read_is_a_usage_error_that_names_it(string message, params string[] arguments)
    {
        var exception = Assert.Throws<EntrypointException>(() => Read(arguments));

        Assert.Equal(ExitCode.Usage, exception.Code);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("python", "/resources/docker-entrypoint.py", "--code-only", "x")]
    [InlineData("python3", "/resources/scripts/execute_code.py", "--code-only", "x")]
    [InlineData("/resources/scripts/execute_code.py", "--code-only", "x")]
    public void The_words_of_the_old_launcher_are_dropped(params string[] arguments)
    {
        var options = Read(arguments);

        Assert.Equal(("x", RunMode.CodeOnly), (options.Code, options.Mode));
    }

    [Fact]
    public void Python_alone_is_no_word_of_the_old_launcher() => Assert.Equal("python", Read("python").Code);

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("x", "--help")]
    public void Help_comes_before_all_else(params string[] arguments) => Assert.IsType<Request.Help>(ReadRequest([], arguments));

    [Fact]
    public void The_last_of_two_values_counts() => Assert.Equal(TimeSpan.FromSeconds(2), Read("x", "--timeout", "1", "--timeout", "2").Timeout);
}

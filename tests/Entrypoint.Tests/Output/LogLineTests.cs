using System.Text.Json;
using Entrypoint.Output;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Entrypoint.Tests.Output;

public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 7, 12, 33, 123, TimeSpan.Zero);

    [Fact]
    public void A_text_line_is_that_of_the_original() =>
        Assert.Equal(
            "2026-11-22 07:12:33,123 [INFO] Executing: python x\n",
            Format(new TextLine(new Secrets(), TimeZoneInfo.Utc), LogEventLevel.Information, "Executing: {Command}", ("Command", "python x")));

    [Theory]
    [InlineData(LogEventLevel.Debug, "[DEBUG]")]
    [InlineData(LogEventLevel.Warning, "[WARNING]")]
    [InlineData(LogEventLevel.Error, "[ERROR]")]
    public void Levels_are_named_as_Python_does(LogEventLevel level, string name) =>
        Assert.Contains(name, Format(new TextLine(new Secrets(), TimeZoneInfo.Utc), level, "x"), StringComparison.Ordinal);

    [Fact]
    public void A_text_line_shows_no_secret()
    {
        var secrets = new Secrets();
        secrets.Add("hunter2");

        Assert.EndsWith(
            "with ****\n", Format(new TextLine(secrets, TimeZoneInfo.Utc), LogEventLevel.Information, "with {What}", ("What", "hunter2")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_JSON_line_has_time_level_message_and_fields()
    {
        var line = Format(new JsonLine(new Secrets()), LogEventLevel.Warning, "{Step} took {Seconds:0.0} s", ("Step", "pip\n\"x\""), ("Seconds", 1.25), ("ExitCode", 3));
        using var json = JsonDocument.Parse(line);

        Assert.Equal(1, line.Count(character => character == '\n'));
        Assert.Equal("2026-11-22T07:12:33.123Z", json.RootElement.GetProperty("timestamp").GetString());
        Assert.Equal("warning", json.RootElement.GetProperty("level").GetString());
        Assert.Equal("pip\n\"x\" took 1.3 s", json.RootElement.GetProperty("message").GetString());
        Assert.Equal("pip\n\"x\"", json.RootElement.GetProperty("step").GetString());
        Assert.Equal(1.25, json.RootElement.GetProperty("seconds").GetDouble());
        Assert.Equal(3, json.RootElement.GetProperty("exitCode").GetInt32());
    }

    private static string Format(ITextFormatter formatter, LogEventLevel level, string template, params (string Name, object Value)[] properties)
    {
        using var writer = new StringWriter();
        formatter.Format(
            new LogEvent(
                Time,
                level,
                exception: null,
                new MessageTemplateParser().Parse(template),
                properties.Select(property => new LogEventProperty(property.Name, new ScalarValue(property.Value)))),
            writer);
        return writer.ToString();
    }
}

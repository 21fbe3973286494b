using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Processes;
using Serilog.Events;

namespace Entrypoint.CommandLine;

/// <summary>What the options say of the log, as far as they can be read: for the line that says what is wrong with them.</summary>
/// <param name="DryRun">Whether standard output is the plan's.</param>
internal sealed record LogOptions(LogFormat Format, LogEventLevel Level, bool DryRun)
{
    public static LogOptions Read(ImmutableArray<string> arguments, ProcessEnvironment environment)
    {
        var values = OptionValues.ReadWhatCanBe(OptionsReader.Split(arguments, environment).Words, environment);
        return new LogOptions(
            OrElse(() => values.Value(OptionTable.LogFormatName, ValueReader.LogFormat, LogFormat.Text), LogFormat.Text),
            OrElse(() => values.Value(OptionTable.LogLevelName, ValueReader.LogLevel, LogEventLevel.Information), LogEventLevel.Information),
            OrElse(() => values.Flag(OptionTable.DryRun), false));
    }

    private static T OrElse<T>(Func<T> read, T fallback)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is EntrypointException or InvalidOperationException)
        {
            // The parser throws the latter for a value that it could not make sense of.
            return fallback;
        }
    }
}

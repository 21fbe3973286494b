using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Entrypoint.Failures;
using Entrypoint.Output;
using Serilog.Events;

namespace Entrypoint.CommandLine;

/// <summary>Reads values of options and variables. Each reader takes the name of what it reads, for the message, and the text.</summary>
internal static partial class ValueReader
{
    /// <summary>The longest duration: what a 64-bit count of .NET ticks holds is far more, but nobody means it.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <exception cref="EntrypointException">64.</exception>
    public static bool Boolean(string source, string text) => text.Trim().ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "on" => true,
        "false" or "0" or "no" or "off" => false,
        _ => throw Unreadable(source, text, "true or false"),
    };

    /// <summary>A duration such as <c>90s</c>, <c>15m</c>, <c>2h</c>, <c>1h30m</c>, <c>500ms</c>, <c>1d</c>; a bare number is seconds.</summary>
    /// <exception cref="EntrypointException">64.</exception>
    public static TimeSpan Duration(string source, string text)
    {
        const string Allowed = "a duration such as 90s, 15m, 2h, 30d, or a number of seconds";
        if (!DurationForm().IsMatch(text.Trim()))
        {
            throw Unreadable(source, text, Allowed);
        }

        var seconds = DurationPart().Matches(text).Sum(part =>
            double.Parse(part.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * part.Groups["unit"].Value switch
            {
                "ms" => 0.001,
                "m" => 60,
                "h" => 3600,
                "d" => 86400,
                _ => 1,
            });
        return seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw Unreadable(source, text, $"{Allowed}, of at most 100 years");
    }

    /// <summary>A duration of which 0 means no limit, as for <c>timeout(1)</c>.</summary>
    public static TimeSpan? Limit(string source, string text) => Duration(source, text) is { Ticks: > 0 } limit ? limit : null;

    /// <exception cref="EntrypointException">64.</exception>
    public static LogFormat LogFormat(string source, string text) => text.Trim().ToLowerInvariant() switch
    {
        "text" => Output.LogFormat.Text,
        "json" => Output.LogFormat.Json,
        _ => throw Unreadable(source, text, "text or json"),
    };

    /// <exception cref="EntrypointException">64.</exception>
    public static LogEventLevel LogLevel(string source, string text) => text.Trim().ToLowerInvariant() switch
    {
        "debug" => LogEventLevel.Debug,
        "info" => LogEventLevel.Information,
        "warning" => LogEventLevel.Warning,
        "error" => LogEventLevel.Error,
        _ => throw Unreadable(source, text, "debug, info, warning or error"),
    };

    /// <exception cref="EntrypointException">64.</exception>
    public static GitEngine GitEngine(string source, string text) => text.Trim().ToLowerInvariant() switch
    {
        "program" => CommandLine.GitEngine.Program,
        "library" => CommandLine.GitEngine.Library,
        _ => throw Unreadable(source, text, "program or library"),
    };

    /// <exception cref="EntrypointException">64.</exception>
    public static PackageChoice PackageChoice(string source, string text) =>
        PackageChoices.Of(text.Trim()) ?? throw Unreadable(source, text, $"one of {string.Join(", ", PackageChoices.Words)}");

    /// <summary>Names between commas.</summary>
    /// <exception cref="EntrypointException">64.</exception>
    public static ImmutableArray<string> Names(string source, string text)
    {
        ImmutableArray<string> names = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        return names.All(name => NameForm().IsMatch(name))
            ? names
            : throw Unreadable(source, text, "names between commas, of letters, digits, '-', '_' and '.'");
    }

    /// <summary>A number of bytes such as <c>20GiB</c>, <c>500MB</c> or <c>0</c>.</summary>
    /// <exception cref="EntrypointException">64.</exception>
    public static long Size(string source, string text)
    {
        const string Allowed = "a size such as 20GiB or 500MB, or 0 for none";
        if (SizeForm().Match(text.Trim()) is not { Success: true } match)
        {
            throw Unreadable(source, text, Allowed);
        }

        var unit = match.Groups["unit"].Value.ToUpperInvariant();
        var power = unit.Length == 0 ? 0 : "BKMGTP".IndexOf(unit[0], StringComparison.Ordinal);
        var bytes = double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * Math.Pow(unit.EndsWith("IB", StringComparison.Ordinal) ? 1024 : 1000, power);
        return bytes < long.MaxValue ? (long)bytes : throw Unreadable(source, text, Allowed);
    }

    /// <summary>A number of tries.</summary>
    /// <exception cref="EntrypointException">64.</exception>
    public static int Tries(string source, string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var tries) && tries is >= 1 and <= 100
            ? tries
            : throw Unreadable(source, text, "a number from 1 to 100");

    /// <summary>A text that is not empty.</summary>
    /// <exception cref="EntrypointException">64.</exception>
    public static string Text(string source, string text) =>
        text.Length > 0 ? text : throw new EntrypointException(ExitCode.Usage, $"{source} is empty: give it a value or leave it out.");

    private static EntrypointException Unreadable(string source, string text, string allowed) =>
        new(ExitCode.Usage, $"Cannot read {source}: '{text}' is not allowed, it must be {allowed}.");

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+)?|([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+)$")]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"^(?<number>[0-9]{1,18}(\.[0-9]{1,9})?)\s*(?<unit>B|[KMGTP](i?B)?|)$", RegexOptions.IgnoreCase)]
    private static partial Regex SizeForm();

    [GeneratedRegex(@"(?<number>[0-9]+(\.[0-9]+)?)(?<unit>ms|s|m|h|d)?")]
    private static partial Regex DurationPart();
}

using System.Globalization;

namespace Entrypoint.Output;

/// <summary>Durations as Python's <c>str(timedelta)</c> writes them, for the closing line of <c>execute_code.py</c>.</summary>
internal static class Elapsed
{
    /// <summary><c>0:01:05.250000</c>, <c>1 day, 2:00:00</c>.</summary>
    public static string Text(TimeSpan duration)
    {
        var days = duration.Days == 0 ? "" : $"{duration.Days} day{(duration.Days == 1 ? "" : "s")}, ";
        var microseconds = duration.Ticks / TimeSpan.TicksPerMicrosecond % 1_000_000;
        var fraction = microseconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{microseconds:000000}");
        return string.Create(CultureInfo.InvariantCulture, $"{days}{duration.Hours}:{duration.Minutes:00}:{duration.Seconds:00}{fraction}");
    }
}

using Serilog.Events;

namespace Entrypoint.Output;

/// <summary>The names of the log levels, as Python and <c>--log-level</c> spell them.</summary>
internal static class LevelNames
{
    /// <summary>"debug", "info", "warning" or "error".</summary>
    public static string Of(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warning",
        _ => "error",
    };
}

using Entrypoint.Linux;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Entrypoint.Output;

/// <summary>Sets up the program's own log: one line an event, on standard output, in the form that was asked for.</summary>
internal static class Log
{
    /// <summary>A logger that writes to a file descriptor as it is (no console: that would meddle with a terminal and with SIGCHLD).</summary>
    /// <param name="descriptor">1, or 2 where standard output is for something else (the plan).</param>
    public static Logger Create(LogFormat format, LogEventLevel level, int descriptor, Secrets secrets, TimeZoneInfo zone) =>
        new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .WriteTo.Sink(new DescriptorSink(descriptor, format == LogFormat.Json ? new JsonLine(secrets) : new TextLine(secrets, zone)))
            .CreateLogger();

    /// <summary>Writes whole lines in one go; a reader that has gone away is no reason to end.</summary>
    private sealed class DescriptorSink(int descriptor, ITextFormatter formatter) : ILogEventSink
    {
        private readonly Lock _gate = new();

        public void Emit(LogEvent logEvent)
        {
            using var line = new StringWriter();
            formatter.Format(logEvent, line);
            lock (_gate)
            {
                _ = RawOutput.TryWrite(descriptor, OsText.Encode(line.ToString()));
            }
        }
    }
}

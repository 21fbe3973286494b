using Entrypoint.Linux;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Entrypoint.Output;

/// <summary>Sets up the program's own log: one line an event, on standard output, in the form that was asked for.</summary>
internal static class Log
{
    /// <summary>A logger that writes to a file descriptor as it is (no console: that would meddle with a terminal and with SIGCHLD).</summary>
    /// <param name="descriptor">1, or 2 where standard output is for something else (the plan).</param>
    public static Logger Create(LogFormat format, LogEventLevel level, int descriptor, Secrets secrets, TimeZoneInfo zone)
    {
        var sink = new WriterSink(RawOutput.Of(descriptor), format == LogFormat.Json ? new JsonLine(secrets) : new TextLine(secrets, zone));
        return new LoggerConfiguration().MinimumLevel.Is(level).WriteTo.Sink(sink).CreateLogger();
    }

    /// <summary>Writes whole lines; waits for nobody, and a reader that has gone away is no reason to end.</summary>
    private sealed class WriterSink : ILogEventSink
    {
        private static readonly MessageTemplate _lost =
            new MessageTemplateParser().Parse("{Lost} lines of this log were lost here: nobody took them for a while");

        private readonly OutputWriter _writer;
        private readonly ITextFormatter _formatter;

        public WriterSink(OutputWriter writer, ITextFormatter formatter)
        {
            (_writer, _formatter) = (writer, formatter);
            writer.LostLine = LostLine;
        }

        public void Emit(LogEvent logEvent) => _writer.Post(Line(logEvent));

        private byte[] LostLine(long count) => Line(new LogEvent(
            DateTimeOffset.Now, LogEventLevel.Warning, exception: null, _lost, [new LogEventProperty("Lost", new ScalarValue(count))]));

        private byte[] Line(LogEvent logEvent)
        {
            using var line = new StringWriter();
            _formatter.Format(logEvent, line);
            return OsText.Encode(line.ToString());
        }
    }
}

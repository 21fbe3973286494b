using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace Entrypoint.Output;

/// <summary>The line of <c>execute_code.py</c>: <c>%(asctime)s [%(levelname)s] %(message)s</c> of Python's logging, local time.</summary>
internal sealed class TextLine(Secrets secrets, TimeZoneInfo zone) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(TimeZoneInfo.ConvertTime(logEvent.Timestamp, zone).ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture));
        output.Write(" [");
        output.Write(LevelNames.Of(logEvent.Level).ToUpperInvariant());
        output.Write("] ");
        output.Write(secrets.Hide(EventMessage.Render(logEvent)));
        if (logEvent.Exception is { } exception)
        {
            output.Write('\n');
            output.Write(secrets.Hide(exception.ToString()));
        }

        output.Write('\n');
    }
}

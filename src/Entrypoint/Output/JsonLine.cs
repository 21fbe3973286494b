using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Entrypoint.Linux;
using Serilog.Events;
using Serilog.Formatting;

namespace Entrypoint.Output;

/// <summary>One JSON object a line: <c>timestamp</c> (RFC 3339, UTC), <c>level</c>, <c>message</c>, and the event's own fields in camel case.</summary>
internal sealed class JsonLine(Secrets secrets) : ITextFormatter
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", LevelNames.Of(logEvent.Level));
            json.WriteString("message", Clean(EventMessage.Render(logEvent)));
            foreach (var (property, value) in logEvent.Properties)
            {
                // A name stands in an object once; a message that is nothing but a property of that name has been written.
                var name = JsonNamingPolicy.CamelCase.ConvertName(property);
                if (name is not ("timestamp" or "level" or "message" or "exception"))
                {
                    json.WritePropertyName(name);
                    Write(json, value);
                }
            }

            if (logEvent.Exception is { } exception)
            {
                json.WriteString("exception", Clean(exception.ToString()));
            }

            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        output.Write('\n');
    }

    private void Write(Utf8JsonWriter json, LogEventPropertyValue property)
    {
        switch (property)
        {
            case ScalarValue { Value: null }:
                json.WriteNullValue();
                break;
            case ScalarValue { Value: bool value }:
                json.WriteBooleanValue(value);
                break;
            case ScalarValue { Value: int or long }:
                json.WriteNumberValue(Convert.ToInt64(((ScalarValue)property).Value, CultureInfo.InvariantCulture));
                break;
            case ScalarValue { Value: double value }:
                json.WriteNumberValue(Math.Round(value, 6));
                break;
            case ScalarValue { Value: { } value }:
                json.WriteStringValue(Clean(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
            case SequenceValue sequence:
                json.WriteStartArray();
                foreach (var element in sequence.Elements)
                {
                    Write(json, element);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Clean(property.ToString(null, CultureInfo.InvariantCulture)));
                break;
        }
    }

    private string Clean(string text) => OsText.ToUnicode(secrets.Hide(text));
}

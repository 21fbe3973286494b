using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Parsing;

namespace Entrypoint.Output;

/// <summary>Renders an event's message with its values as they are: Serilog's own rendering would put texts in quotation marks.</summary>
internal static class EventMessage
{
    public static string Render(LogEvent logEvent)
    {
        var message = new StringBuilder();
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            message.Append(token switch
            {
                TextToken text => text.Text,
                PropertyToken property when logEvent.Properties.TryGetValue(property.PropertyName, out var value) => Render(value, property.Format),
                _ => token.ToString(),
            });
        }

        return message.ToString();
    }

    private static string Render(LogEventPropertyValue value, string? format) => value switch
    {
        ScalarValue { Value: null } => "",
        ScalarValue { Value: IFormattable formattable } => formattable.ToString(format, CultureInfo.InvariantCulture),
        ScalarValue { Value: { } text } => text.ToString() ?? "",
        SequenceValue sequence => string.Join(' ', sequence.Elements.Select(element => Render(element, format))),
        _ => value.ToString(format, CultureInfo.InvariantCulture),
    };
}

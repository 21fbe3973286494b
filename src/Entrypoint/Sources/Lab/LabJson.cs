using System.Globalization;
using System.Text.Json;

namespace Entrypoint.Sources.Lab;

/// <summary>
/// JSON that a Lab answers, read field by field: nothing that stands beside what is asked for, nor an odd form of it, makes an answer
/// unreadable. What is not there, or of a form that makes no sense, is null.
/// </summary>
internal readonly struct LabJson
{
    private const int DeepestNesting = 10_000;

    private readonly JsonElement? _element;

    private LabJson(JsonElement? element) => _element = element;

    /// <summary>Whether there is anything but <c>null</c>.</summary>
    public bool IsThere => _element is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };

    /// <summary>Whether it is an object.</summary>
    public bool IsObject => _element is { ValueKind: JsonValueKind.Object };

    /// <summary>A text; a number counts as one.</summary>
    public string? Text
    {
        get
        {
            try
            {
                return _element switch
                {
                    { ValueKind: JsonValueKind.String } text => text.GetString(),
                    { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
                    _ => null,
                };
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair.
                return null;
            }
        }
    }

    /// <summary>A whole number; a text that holds one counts as one.</summary>
    public long? Number => decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number == decimal.Truncate(number) && Math.Abs(number) <= long.MaxValue
            ? (long)number
            : null;

    /// <summary>The elements of a list; none where it is no list.</summary>
    public IEnumerable<LabJson> Elements =>
        _element is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(element => new LabJson(element)) : [];

    /// <summary>The value of a name; nothing where this is no object or has no such name.</summary>
    public LabJson this[string name] => _element is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value)
        ? new LabJson(value)
        : default;

    /// <summary>Reads a text; nothing where it is no JSON.</summary>
    public static LabJson Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'), new JsonDocumentOptions { MaxDepth = DeepestNesting });
            return new LabJson(document.RootElement.Clone());
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return default;
        }
    }
}

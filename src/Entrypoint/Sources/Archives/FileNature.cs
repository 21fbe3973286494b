using System.Buffers;
using System.Text;
using System.Text.Json;
using Entrypoint.Linux;

namespace Entrypoint.Sources.Archives;

/// <summary>What a file that is no archive holds.</summary>
internal enum FileNature
{
    Empty,
    Text,
    Html,
    Xml,
    Json,
    Binary,
}

/// <summary>Tells what a file holds by its content.</summary>
internal static class FileContent
{
    /// <summary>How much is looked at; only JSON must be read to its end to be told from Python.</summary>
    private const int Most = 4 * 1024 * 1024;
    private const int HeadLength = 1024;

    private static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\n"u8);

    /// <summary>What a file holds, and the words that it has for people, if it is a page or document that has some.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (FileNature Nature, string? Words) Look(string path)
    {
        using var file = OsFile.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, Most)];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return Look(bytes.AsSpan(0, length), isWhole: length == file.Length);
    }

    /// <summary>The same, of bytes.</summary>
    /// <param name="isWhole">Whether they are all.</param>
    public static (FileNature Nature, string? Words) Look(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        var start = bytes.IndexOfAnyExcept(White);
        if (start < 0)
        {
            return (FileNature.Empty, null);
        }

        bytes = bytes[start..];
        var head = bytes[..Math.Min(bytes.Length, HeadLength)];
        if (head.Contains((byte)0))
        {
            return (FileNature.Binary, null);
        }

        if (bytes[0] == '<')
        {
            return LookAtMarkup(head);
        }

        return bytes[0] is (byte)'{' or (byte)'[' && isWhole && IsJson(bytes, out var message) ? (FileNature.Json, message) : (FileNature.Text, null);
    }

    /// <summary>Whether the bytes are one JSON value and nothing more.</summary>
    /// <param name="message">What it says about itself, where it is an error that does.</param>
    public static bool IsJson(ReadOnlySpan<byte> bytes, out string? message)
    {
        message = null;
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Most });
            var expected = false;
            while (reader.Read())
            {
                if (expected && reader.TokenType == JsonTokenType.String && message is null)
                {
                    message = reader.GetString();
                }

                expected = reader.TokenType == JsonTokenType.PropertyName
                    && (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("detail"u8) || reader.ValueTextEquals("error"u8));
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The nature in words, after "is" or "sent".</summary>
    public static string Describe(FileNature nature) => nature switch
    {
        FileNature.Empty => "empty",
        FileNature.Html => "a web page (HTML)",
        FileNature.Xml => "an XML document",
        FileNature.Json => "a JSON document",
        FileNature.Binary => "binary data of another kind",
        _ => "text",
    };

    /// <summary>The words of a page or document, for a message.</summary>
    public static string Quote(string? words) => string.IsNullOrEmpty(words) ? "" : $" that says '{EntryName.Show(words)}'";

    private static (FileNature Nature, string? Words) LookAtMarkup(ReadOnlySpan<byte> head)
    {
        var text = Encoding.UTF8.GetString(head);
        var isHtml = text.Contains("<html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || !text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) && !text.Contains("xmlns", StringComparison.Ordinal) && !text.Contains("<Code>", StringComparison.Ordinal);
        return isHtml ? (FileNature.Html, Between(text, "<title>", "</title>")) : (FileNature.Xml, Between(text, "<Message>", "</Message>"));
    }

    private static string? Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.OrdinalIgnoreCase);
        var to = from < 0 ? -1 : text.IndexOf(end, from, StringComparison.OrdinalIgnoreCase);
        return to < 0 ? null : text[(from + start.Length)..to].Trim();
    }
}

using System.Text;

namespace Entrypoint.Linux;

/// <summary>
/// Arguments and environment variables are bytes to the operating system and text to .NET. This reads bytes that are not UTF-8 into
/// lone surrogates and writes them back as they were, the way Python's <c>surrogateescape</c> does (PEP 383), so that what is passed
/// on arrives byte for byte.
/// </summary>
internal static class OsText
{
    private const int EscapeBase = 0xDC00;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Text for the bytes, without loss.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return DecodeEscaping(bytes);
        }
    }

    /// <summary>The bytes that <see cref="Decode"/> made the text from.</summary>
    public static byte[] Encode(string text)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return EncodeEscaped(text);
        }
    }

    /// <summary>The text for where only Unicode will do (JSON): what stands for bytes that are not UTF-8 becomes U+FFFD.</summary>
    public static string ToUnicode(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string DecodeEscaping(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[length..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    private static byte[] EncodeEscaped(string text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> buffer = stackalloc byte[4];
        for (var index = 0; index < text.Length;)
        {
            if (text[index] is >= (char)0xDC80 and <= (char)0xDCFF)
            {
                bytes.Add((byte)(text[index] - EscapeBase));
                index++;
                continue;
            }

            if (!Rune.TryGetRuneAt(text, index, out var rune))
            {
                rune = Rune.ReplacementChar;
                index++;
            }
            else
            {
                index += rune.Utf16SequenceLength;
            }

            bytes.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
        }

        return [.. bytes];
    }
}

using System.Globalization;
using System.Text;

namespace Entrypoint.Output;

/// <summary>The forms in which programs write a letter that is special to them.</summary>
internal static class SecretForms
{
    /// <summary>The longest form that is looked for (bytes); percent-encoding that was done over and over may be longer.</summary>
    public const int Longest = 10;

    /// <summary>Reads one encoded letter.</summary>
    /// <param name="text">Begins where the letter would.</param>
    /// <param name="wanted">The first byte of the letter.</param>
    /// <param name="unit">Takes its bytes.</param>
    /// <param name="length">How long its form is.</param>
    /// <returns>How many bytes it has; 0 where none stands there.</returns>
    public static int Read(ReadOnlySpan<byte> text, byte wanted, Span<byte> unit, out int length)
    {
        unit[0] = wanted;
        switch (text[0])
        {
            case (byte)'%':
                length = Percent(text, unit);
                return length > 0 ? 1 : 0;
            case (byte)'+' when wanted == ' ':
                length = 1;
                return 1;
            case (byte)'\'' when wanted == '\'':
                length = text.StartsWith("'\\''"u8) ? 4 : text.StartsWith("'\"'\"'"u8) ? 5 : 0;
                return length > 0 ? 1 : 0;
            case (byte)'&':
                return Html(text, wanted, unit, out length);
            case (byte)'\\':
                return Backslash(text, wanted, unit, out length);
            default:
                length = 0;
                return 0;
        }
    }

    /// <summary><c>%40</c>, and <c>%2540</c> where it was done twice.</summary>
    private static int Percent(ReadOnlySpan<byte> text, Span<byte> unit)
    {
        var length = 0;
        var rest = text;
        while (rest.Length >= 3 && Hex(rest[1..3]) is { } value)
        {
            unit[0] = (byte)value;
            length += length == 0 ? 3 : 2;
            if (value != '%' || text.Length < length + 2 || Hex(text.Slice(length, 2)) is null)
            {
                break;
            }

            rest = text[(length - 1)..];
        }

        return length;
    }

    private static int Html(ReadOnlySpan<byte> text, byte wanted, Span<byte> unit, out int length)
    {
        length = text[..Math.Min(text.Length, Longest)].IndexOf((byte)';') + 1;
        var name = length > 2 ? text[1..(length - 1)] : default;
        if (name.StartsWith("#"u8))
        {
            var isHex = name.Length > 1 && name[1] is (byte)'x' or (byte)'X';
            var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
            return int.TryParse(name[(isHex ? 2 : 1)..], style, CultureInfo.InvariantCulture, out var value) && Rune.TryCreate(value, out var rune)
                ? rune.EncodeToUtf8(unit)
                : 0;
        }

        ReadOnlySpan<byte> expected = wanted switch
        {
            (byte)'&' => "amp"u8,
            (byte)'<' => "lt"u8,
            (byte)'>' => "gt"u8,
            (byte)'"' => "quot"u8,
            (byte)'\'' => "apos"u8,
            _ => default,
        };
        return !expected.IsEmpty && name.SequenceEqual(expected) ? 1 : 0;
    }

    private static int Backslash(ReadOnlySpan<byte> text, byte wanted, Span<byte> unit, out int length)
    {
        length = 0;
        if (text.Length < 2)
        {
            return 0;
        }

        switch (text[1])
        {
            case (byte)'u' when text.Length >= 6 && CodeUnit(text) is { } first:
                length = 6;
                var second = char.IsHighSurrogate(first) && text.Length >= 12 ? CodeUnit(text[6..]) : null;
                length = second is null ? 6 : 12;
                var isLetter = second is { } low ? Rune.TryCreate(first, low, out var rune) : Rune.TryCreate(first, out rune);
                return isLetter ? rune.EncodeToUtf8(unit) : 0;
            case (byte)'x' when text.Length >= 4 && Hex(text[2..4]) is { } value:
                length = 4;
                unit[0] = (byte)value;
                return 1;
            case >= (byte)'0' and <= (byte)'3' when text.Length >= 4 && Octal(text[1..4]) is { } value:
                length = 4;
                unit[0] = value;
                return 1;
            case (byte)'n' when wanted == '\n':
            case (byte)'t' when wanted == '\t':
            case (byte)'r' when wanted == '\r':
            case var itself when itself == wanted && !char.IsAsciiLetterOrDigit((char)wanted):
                length = 2;
                return 1;
            default:
                return 0;
        }
    }

    private static char? CodeUnit(ReadOnlySpan<byte> text) => text[0] == '\\' && text[1] == 'u' && Hex(text[2..6]) is { } value ? (char)value : null;

    private static int? Hex(ReadOnlySpan<byte> digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static byte? Octal(ReadOnlySpan<byte> digits) =>
        digits.IndexOfAnyExceptInRange((byte)'0', (byte)'7') < 0 ? (byte)(((digits[0] - '0') << 6) | ((digits[1] - '0') << 3) | (digits[2] - '0')) : null;
}

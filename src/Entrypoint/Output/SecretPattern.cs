using System.Buffers;
using Entrypoint.Linux;

namespace Entrypoint.Output;

/// <summary>
/// One value that must not be shown, found in every form that a program may write it in: percent-encoded (once or more), with backslashes
/// (JSON, C, shells, Git's octal numbers), in HTML, in another case where a library changes that (hosts).
/// </summary>
internal sealed class SecretPattern
{
    /// <summary>From this length on (bytes) a value is found wherever it occurs, a shorter one only as a whole word.</summary>
    private const int AnywhereLength = 4;

    /// <summary>From this length on the case of letters does not matter.</summary>
    private const int AnyCaseLength = 8;

    private readonly byte[] _value;
    private readonly bool _exact;
    private readonly bool _asWord;
    private readonly bool _anyCase;
    private readonly SearchValues<byte> _starts;

    /// <param name="exact">Whether it has this one form only (Base64).</param>
    /// <param name="asWord">Whether it counts as a whole word only, however long it is.</param>
    public SecretPattern(string value, bool exact, bool asWord)
    {
        _value = OsText.Encode(value);
        (_exact, _asWord, _anyCase) = (exact, asWord || _value.Length < AnywhereLength, !exact && _value.Length >= AnyCaseLength);
        var first = _value[0];
        _starts = SearchValues.Create([first, .. _anyCase ? [Lower(first), Upper(first)] : Array.Empty<byte>(), .. exact ? [] : "%\\&+'"u8]);
    }

    /// <summary>Adds the ranges of a text in which the value stands. One that has begun at the end of the text gets its begin as partial.</summary>
    public void Find(ReadOnlySpan<byte> text, List<(int Start, int End)> found, ref int partial)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny(_starts);
            if (next < 0)
            {
                return;
            }

            at += next;
            var end = Match(text, at, elastic: false, out var brokeOff);
            if (end < 0 && !_exact)
            {
                end = Match(text, at, elastic: true, out var elasticBrokeOff);
                brokeOff |= elasticBrokeOff;
            }

            if (end >= 0 && (!_asWord || IsWord(text, at, end)))
            {
                found.Add((at, end));
                at = end - 1;
            }
            else if (brokeOff && at < partial)
            {
                partial = at;
            }
        }
    }

    private static bool IsWord(ReadOnlySpan<byte> text, int start, int end) =>
        (start == 0 || !IsWordByte(text[start - 1])) && (end == text.Length || !IsWordByte(text[end]));

    private static bool IsWordByte(byte value) => value >= 0x80 || char.IsAsciiLetterOrDigit((char)value) || value == '_';

    /// <summary>Where the value that begins at a place ends; -1 where it does not stand there.</summary>
    private int Match(ReadOnlySpan<byte> text, int at, bool elastic, out bool brokeOff)
    {
        Span<byte> unit = stackalloc byte[4];
        for (var index = 0; index < _value.Length;)
        {
            if (at >= text.Length)
            {
                brokeOff = true;
                return -1;
            }

            if (elastic && SecretForms.Read(text[at..], _value[index], unit, out var length) is var bytes and > 0 && IsNext(index, unit[..bytes]))
            {
                (index, at) = (index + bytes, at + length);
            }
            else if (IsSame(text[at], _value[index]))
            {
                (index, at) = (index + 1, at + 1);
            }
            else
            {
                // An encoded letter may be cut in two by the end of what has come so far.
                brokeOff = elastic && text.Length - at < SecretForms.Longest && text[at] is (byte)'%' or (byte)'\\' or (byte)'&' or (byte)'\'';
                return -1;
            }
        }

        brokeOff = false;
        return at;
    }

    private bool IsNext(int index, ReadOnlySpan<byte> unit)
    {
        if (index + unit.Length > _value.Length)
        {
            return false;
        }

        for (var offset = 0; offset < unit.Length; offset++)
        {
            if (!IsSame(unit[offset], _value[index + offset]))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsSame(byte one, byte other) => one == other || _anyCase && Lower(one) == Lower(other);

    private static byte Lower(byte value) => char.IsAsciiLetterUpper((char)value) ? (byte)(value | 0x20) : value;

    private static byte Upper(byte value) => char.IsAsciiLetterLower((char)value) ? (byte)(value & ~0x20) : value;

    /// <summary>The patterns of a value: as it is, decoded, and the part of its Base64 that does not depend on what surrounds it.</summary>
    public static IEnumerable<SecretPattern> Of(string value, bool asWord)
    {
        var decoded = Uri.UnescapeDataString(value);
        foreach (var spelling in decoded.Length == 0 || string.Equals(decoded, value, StringComparison.Ordinal) ? [value] : new[] { value, decoded })
        {
            yield return new SecretPattern(spelling, exact: false, asWord);
            foreach (var core in asWord ? [] : Base64(spelling))
            {
                yield return new SecretPattern(core, exact: true, asWord: false);
            }
        }
    }

    private static IEnumerable<string> Base64(string value)
    {
        const int Shortest = 8;
        var bytes = OsText.Encode(value);
        for (var before = 0; before < 3 && bytes.Length >= Shortest; before++)
        {
            var whole = Convert.ToBase64String([.. new byte[before], .. bytes[..(bytes.Length - ((before + bytes.Length) % 3))]]);
            var core = whole[(before == 0 ? 0 : before + 1)..];
            yield return core;
            var forUrls = core.Replace('+', '-').Replace('/', '_');
            if (!string.Equals(forUrls, core, StringComparison.Ordinal))
            {
                yield return forUrls;
            }
        }
    }
}

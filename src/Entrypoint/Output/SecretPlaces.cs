namespace Entrypoint.Output;

/// <summary>A part of a text that is a secret because of where it stands: from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
/// <param name="IsUser">Whether it stands in front of the host; else in a query or a fragment.</param>
internal readonly record struct SecretPlace(int Start, int End, bool IsUser);

/// <summary>
/// Finds what is a secret by its place: password or token in front of a host, the query, and values of unknown fragments. Addresses need
/// not be well formed: where a password has a slash, a hash or a blank in it, all up to the last <c>@</c> counts. In linear time.
/// </summary>
internal static class SecretPlaces
{
    /// <summary>The places in a text that is one reference as a whole, whatever surrounds it (quotes, blanks).</summary>
    public static IReadOnlyList<SecretPlace> OfReference(string reference)
    {
        var places = new List<SecretPlace>();
        if (reference.IndexOf("://", StringComparison.Ordinal) is var colon and >= 0)
        {
            AddressSecrets.AddUrl(reference, SchemeStart(reference, colon, 0), colon, reference.Length, places);
            AddUrlsWithin(reference, colon + 3, places);
        }
        else
        {
            AddressSecrets.AddWithoutScheme(reference, places);
        }

        return Merge(places);
    }

    /// <summary>The places in the URLs that a text holds: a log line, what a program printed.</summary>
    public static IReadOnlyList<SecretPlace> InText(string text)
    {
        var places = new List<SecretPlace>();
        AddUrlsWithin(text, 0, places);
        return places.Count < 2 ? places : Merge(places);
    }

    /// <summary>The text with each place masked.</summary>
    public static string Mask(string text, IReadOnlyList<SecretPlace> places)
    {
        if (places.Count == 0)
        {
            return text;
        }

        var masked = new System.Text.StringBuilder(text.Length);
        var from = 0;
        foreach (var place in places)
        {
            masked.Append(text, from, place.Start - from).Append(Secrets.Mask);
            from = place.End;
        }

        return masked.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Where the last URL of a text begins, if the text breaks off within it; else null.</summary>
    public static int? UnfinishedUrl(string text)
    {
        var colon = text.LastIndexOf("://", StringComparison.Ordinal);
        if (colon < 0)
        {
            return null;
        }

        var start = SchemeStart(text, colon, 0);
        return TokenEnd(text, start, colon + 3) == text.Length ? start : null;
    }

    private static void AddUrlsWithin(string text, int from, List<SecretPlace> places)
    {
        var (end, query) = (0, 0);
        var colon = text.IndexOf("://", from, StringComparison.Ordinal);
        while (colon >= 0)
        {
            var start = SchemeStart(text, colon, from);
            from = colon + 3;
            if (from > end)
            {
                end = TokenEnd(text, start, from);
                query = text.IndexOf('?', from, end - from);
            }

            // An address may hold another one in its path, and each has its own places.
            var next = text.IndexOf("://", from, StringComparison.Ordinal);
            if (next >= 0 && next < end && (query < 0 || next < query))
            {
                AddressSecrets.AddUrl(text, start, colon, SchemeStart(text, next, from), places);
            }
            else
            {
                AddressSecrets.AddUrl(text, start, colon, WithoutPunctuation(text, from, end), places);
                from = end;
                next = next >= 0 && next < end ? text.IndexOf("://", end, StringComparison.Ordinal) : next;
            }

            colon = next;
        }
    }

    private static int WithoutPunctuation(string text, int from, int end)
    {
        while (end > from && text[end - 1] is ':' or ',' or '.' or ';' or ')' or ']')
        {
            end--;
        }

        return end;
    }

    private static int SchemeStart(string text, int colon, int from) =>
        text.AsSpan(from, colon - from).LastIndexOfAnyExcept(SchemeCharacters) + 1 + from;

    /// <summary>Where a URL within a text ends: at white space, at what quotes it, at a bracket of <c>&lt;…&gt;</c>.</summary>
    private static int TokenEnd(string text, int start, int from)
    {
        var ends = start > 0 && text[start - 1] == '\'' ? QuotedEnds : Ends;
        return text.AsSpan(from).IndexOfAny(ends) is var end and >= 0 ? from + end : text.Length;
    }

    /// <summary>In order, and what overlaps as one.</summary>
    private static List<SecretPlace> Merge(List<SecretPlace> places)
    {
        places.Sort((one, other) => (one.Start, one.End).CompareTo((other.Start, other.End)));
        var merged = new List<SecretPlace>(places.Count);
        foreach (var place in places)
        {
            if (merged is [.., var last] && place.Start < last.End)
            {
                merged[^1] = last with { End = Math.Max(last.End, place.End), IsUser = last.IsUser || place.IsUser };
            }
            else if (merged is not [.., var same] || same != place)
            {
                merged.Add(place);
            }
        }

        return merged;
    }

    public static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static readonly System.Buffers.SearchValues<char> Ends = System.Buffers.SearchValues.Create(" \t\r\n\v\f\"<>`\0\e");

    private static readonly System.Buffers.SearchValues<char> QuotedEnds = System.Buffers.SearchValues.Create(" \t\r\n\v\f\"<>`\0\e'");
}

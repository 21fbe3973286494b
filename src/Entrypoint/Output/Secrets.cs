using System.Text;
using Entrypoint.Linux;

namespace Entrypoint.Output;

/// <summary>
/// All that must never be shown in this run. Every text that leaves the program (log line, plan, report, termination message, what a step
/// prints) goes through it. Safe to use from several threads.
/// </summary>
internal sealed class Secrets
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mask = "****";

    /// <summary>
    /// From this length on (characters) what a variable held is hidden wherever it occurs; what is shorter (<c>BRANCH=main</c>) only in texts
    /// that hold the reference.
    /// </summary>
    private const int LongValue = 8;

    private static readonly char[] Delimiters = [':', '/', '@', '?', '#', '&', '=', ' ', '\n', '\r', '\t', '"', '\''];

    private static readonly System.Buffers.SearchValues<char> DelimiterSet = System.Buffers.SearchValues.Create(Delimiters);

    private readonly Lock _gate = new();
    private readonly HashSet<(string, bool)> _known = [];
    private volatile SecretPattern[] _patterns = [];
    private volatile SecretPattern[] _words = [];
    private volatile bool _referenceIsShown;

    /// <summary>Whether any value is known.</summary>
    public bool IsEmpty => _patterns.Length == 0;

    /// <summary>Whether the texts that are written now may hold the reference: while it is read and fetched, and once that has failed.</summary>
    public bool ReferenceIsShown
    {
        get => _referenceIsShown;
        set => _referenceIsShown = value;
    }

    /// <summary>Adds a value that is a secret by its place (a password, a token): hidden wherever it occurs.</summary>
    public void Add(string value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Add(value, asWord: false);
        }
    }

    /// <summary>Adds what a variable of the reference held, and the parts of it where it is an address or has several lines.</summary>
    public void AddVariable(string value)
    {
        string[] parts = [value, .. !HasDelimiter(value) ? [] : value.Split(Delimiters, StringSplitOptions.RemoveEmptyEntries)];
        foreach (var part in parts.Where(part => part.Length > 0 && !IsScheme(part)))
        {
            Add(part, asWord: part.Length < LongValue);
        }
    }

    /// <summary>Adds what is a secret by its place in a text that is one reference as a whole, well formed or not.</summary>
    public void Learn(string reference) => Learn(reference, SecretPlaces.OfReference(reference));

    /// <summary>Adds what is a secret by its place in the URLs that a variable of the environment holds (an index, a proxy).</summary>
    public void LearnVariable(string name, string value)
    {
        if (value.Contains('@', StringComparison.Ordinal))
        {
            var isProxy = name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase);
            Learn(value, [.. (isProxy ? SecretPlaces.OfReference(value) : SecretPlaces.InText(value)).Where(place => place.IsUser)]);
        }
    }

    private void Learn(string text, IReadOnlyList<SecretPlace> places)
    {
        foreach (var place in places)
        {
            var secret = text[place.Start..place.End];
            if (!place.IsUser)
            {
                AddQuery(secret);
                continue;
            }

            if (secret is not ("git" or "anonymous"))
            {
                Add(secret);
            }

            if (HasDelimiter(secret))
            {
                AddVariable(secret);
            }
        }
    }

    /// <summary>The text without the secrets that are known, and without what is a secret by its place in URLs.</summary>
    public string Hide(string text) => Hide(text, _referenceIsShown);

    /// <summary>The same for a text that holds the reference or parts of it.</summary>
    public string HideReference(string text) => Hide(text, withWords: true);

    /// <summary>The ranges of some output that must not be shown, in order, none overlapping another.</summary>
    /// <param name="partial">Where a secret begins that the output does not hold wholly, or its length.</param>
    public List<(int Start, int End)> Find(ReadOnlySpan<byte> output, out int partial)
    {
        var found = new List<(int Start, int End)>();
        partial = output.Length;
        foreach (var pattern in _patterns)
        {
            pattern.Find(output, found, ref partial);
        }

        if (output.IndexOf("://"u8) >= 0)
        {
            found.AddRange(SecretPlaces.InText(Encoding.Latin1.GetString(output)).Select(place => (place.Start, place.End)));
        }

        return Merge(found);
    }

    private string Hide(string text, bool withWords)
    {
        var patterns = withWords ? [.. _patterns, .. _words] : _patterns;
        if (patterns.Length > 0)
        {
            text = HideKnown(text, patterns);
        }

        return text.Contains("://", StringComparison.Ordinal) ? SecretPlaces.Mask(text, SecretPlaces.InText(text)) : text;
    }

    private static string HideKnown(string text, SecretPattern[] patterns)
    {
        var bytes = OsText.Encode(text);
        var found = new List<(int Start, int End)>();
        var partial = bytes.Length;
        foreach (var pattern in patterns)
        {
            pattern.Find(bytes, found, ref partial);
        }

        if (found.Count == 0)
        {
            return text;
        }

        var masked = new List<byte>(bytes.Length);
        var from = 0;
        foreach (var (start, end) in Merge(found))
        {
            masked.AddRange(bytes.AsSpan(from, start - from));
            masked.AddRange("****"u8);
            from = end;
        }

        masked.AddRange(bytes.AsSpan(from));
        return OsText.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(masked));
    }

    private void Add(string value, bool asWord)
    {
        lock (_gate)
        {
            if (!_known.Add((value, asWord)))
            {
                return;
            }

            if (asWord)
            {
                _words = [.. _words, .. SecretPattern.Of(value, asWord: true)];
            }
            else
            {
                _patterns = [.. _patterns, .. SecretPattern.Of(value, asWord: false)];
            }
        }
    }

    /// <summary>What may be a token is hidden everywhere, a plain word (<c>raw=true</c>) only where the reference is shown.</summary>
    private void AddQuery(string query)
    {
        foreach (var part in query.Split(['&', ';']).Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]).Where(part => part.Length > 0))
        {
            Add(part, asWord: part.Length < LongValue || !part.Any(letter => char.IsAsciiDigit(letter) || char.IsAsciiLetterUpper(letter)));
        }
    }

    private static bool HasDelimiter(string text) => text.AsSpan().IndexOfAny(DelimiterSet) >= 0;

    private static bool IsScheme(string text) => text.Length < LongValue
        && text.ToLowerInvariant() is "http" or "https" or "git+http" or "git" or "ssh" or "git+ssh" or "file" or "svn" or "hg" or "bzr";

    private static List<(int Start, int End)> Merge(List<(int Start, int End)> ranges)
    {
        ranges.Sort();
        var merged = new List<(int Start, int End)>(ranges.Count);
        foreach (var range in ranges)
        {
            if (merged is [.., var last] && range.Start < last.End)
            {
                merged[^1] = (last.Start, Math.Max(last.End, range.End));
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}

using Entrypoint.Failures;

namespace Entrypoint.Sources;

/// <summary>
/// What follows the <c>#</c> of a reference, whatever its kind: <c>subdirectory=</c>, <c>egg=</c> (which means nothing here) and a digest,
/// separated by <c>&amp;</c>, as pip has them. The first of a name counts, and nothing is decoded. Anything else is refused: passed over,
/// a mistyped name would run other code than was meant.
/// </summary>
/// <param name="Subdirectory">The folder or file of the code that is meant, without leading slashes or dots; null for its root.</param>
/// <param name="Digest">The digest that the downloaded or opened file must have; null where none was given.</param>
internal sealed record ReferenceFragment(string? Subdirectory, FileDigest? Digest)
{
    private const string SubdirectoryName = "subdirectory";

    private static readonly string[] Names = [SubdirectoryName, "egg", .. FileDigest.Algorithms];

    /// <summary>No fragment.</summary>
    public static ReferenceFragment None { get; } = new(null, null);

    /// <summary>Reads a fragment.</summary>
    /// <param name="text">What follows the <c>#</c>; null or empty for nothing.</param>
    /// <param name="malformed">Makes the failure from what is wrong, a clause without a full stop that shows nothing that could be a secret.</param>
    public static ReferenceFragment Parse(string? text, Func<string, EntrypointException> malformed)
    {
        string? subdirectory = null;
        FileDigest? digest = null;
        foreach (var part in (text ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (part[..at], part[(at + 1)..]) : (part, null);
            if (value is null || !Names.Contains(name, StringComparer.Ordinal))
            {
                throw malformed(Unknown(name, value, text!));
            }

            if (name == SubdirectoryName)
            {
                subdirectory ??= Clean(value) ?? throw malformed("its subdirectory leaves the tree");
            }
            else if (name != "egg")
            {
                digest ??= FileDigest.Read(name, value)
                    ?? throw malformed($"what follows {name}= is not the {FileDigest.DigitsOf(name)} hexadecimal digits of such a digest");
            }
        }

        return new ReferenceFragment(string.IsNullOrEmpty(subdirectory) ? null : subdirectory, digest);
    }

    /// <summary>
    /// Splits a text that may have a <c>#</c> of its own (the key of data) at its last one, if a fragment is meant by what follows: if that
    /// begins with one of the names, or nearly, and <c>=</c>.
    /// </summary>
    /// <param name="malformed">As for <see cref="Parse"/>.</param>
    public static (string Before, ReferenceFragment Fragment) SplitIfMeant(string text, Func<string, EntrypointException> malformed)
    {
        var mark = text.LastIndexOf('#');
        var equals = mark < 0 ? -1 : text.IndexOf('=', mark);
        return equals < 0 || NearestWord.To(text[(mark + 1)..equals], Names) is null
            ? (text, None)
            : (text[..mark], Parse(text[(mark + 1)..], malformed));
    }

    /// <summary>The path without empty names and dots; null where it leads out.</summary>
    private static string? Clean(string path)
    {
        var names = new List<string>();
        foreach (var name in path.Split('/'))
        {
            if (name is "" or ".")
            {
                continue;
            }

            if (name != "..")
            {
                names.Add(name);
            }
            else if (names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
            else
            {
                return null;
            }
        }

        return string.Join('/', names);
    }

    /// <summary>What was given is not shown, unless it is nearly a name of ours: it may be the rest of a password with a <c>#</c> in it.</summary>
    private static string Unknown(string name, string? value, string text)
    {
        const string Known = "what follows its # is none of subdirectory=, egg=, sha256=, sha384= and sha512=";
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return $"{Known} (in a user name or password, # is written %23)";
        }

        if (NearestWord.To(name, Names) is { } nearest)
        {
            return $"'#{name}' is none of the names that may follow its #; did you mean {nearest}=?";
        }

        return name is "md5" or "sha1" or "sha224"
            ? $"a digest by {name} proves nothing; give sha256="
            : value is null && name.Contains(':', StringComparison.Ordinal)
                ? $"{Known}; a branch and a folder are written @branch#subdirectory=folder"
                : $"{Known}; a folder is named by #subdirectory=";
    }
}

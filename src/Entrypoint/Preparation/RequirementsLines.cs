using System.Text;
using System.Text.RegularExpressions;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>A line of a requirements file after joining, comments and variables, cut into words.</summary>
/// <param name="Text">The line with its variables replaced.</param>
/// <param name="Words">Its words as a shell would cut them.</param>
/// <param name="HasVariables">Whether variables were replaced in it.</param>
internal sealed record RequirementsLine(string Text, IReadOnlyList<string> Words, bool HasVariables)
{
    /// <summary>The line with its variables as they were written.</summary>
    public required string Plain { get; init; }

    private static readonly string[] NestedOptions = ["--requirement", "--constraint", "-r", "-c"];

    /// <summary>The files that the line names with <c>-r</c> or <c>-c</c>.</summary>
    public IEnumerable<string> NestedFiles => ValuesOf(NestedOptions);

    /// <summary>The requirements that the line names with <c>-e</c>.</summary>
    public IEnumerable<string> Editables => ValuesOf(["--editable", "-e"]);

    private IEnumerable<string> ValuesOf(string[] options)
    {
        for (var index = 0; index < Words.Count; index++)
        {
            var word = Words[index];
            foreach (var option in options)
            {
                var isLong = option.StartsWith("--", StringComparison.Ordinal);
                if (string.Equals(word, option, StringComparison.Ordinal))
                {
                    if (index + 1 < Words.Count)
                    {
                        yield return Words[index + 1];
                    }

                    break;
                }

                if (word.StartsWith(isLong ? option + "=" : option, StringComparison.Ordinal) && (isLong || !word.StartsWith("--", StringComparison.Ordinal)))
                {
                    yield return word[(isLong ? option.Length + 1 : option.Length)..].TrimStart('=');
                    break;
                }
            }
        }
    }
}

/// <summary>
/// Cuts a requirements file into lines the way pip does (<c>pip/_internal/req/req_file.py</c>): a backslash at the end joins, <c>#</c>
/// after white space begins a comment, <c>${NAME}</c> is replaced where the variable is set.
/// </summary>
internal static partial class RequirementsLines
{
    public static IEnumerable<RequirementsLine> Read(string text, ProcessEnvironment environment)
    {
        foreach (var joined in Join(text))
        {
            var plain = joined[..CommentStart(joined)].Trim();
            if (plain.Length == 0)
            {
                continue;
            }

            var replaced = Variable().Replace(plain, match => environment.TryGet(match.Groups[1].Value, out var value) ? value : match.Value);
            yield return new RequirementsLine(replaced, Split(replaced), !string.Equals(plain, replaced, StringComparison.Ordinal)) { Plain = plain };
        }
    }

    private static IEnumerable<string> Join(string text)
    {
        var pending = new StringBuilder();
        foreach (var line in text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n'))
        {
            var isComment = line.Length > 0 && CommentStart(line) == 0;
            if (line.EndsWith('\\') && !isComment)
            {
                pending.Append(line.AsSpan(0, line.Length - 1));
                continue;
            }

            // A comment line ends what was being joined, and what stands before its "#" still counts.
            pending.Append(isComment ? " " + line : line);
            yield return pending.ToString();
            pending.Clear();
        }

        if (pending.Length > 0)
        {
            yield return pending.ToString();
        }
    }

    /// <summary>Where the white space in front of the comment begins, or the line's end.</summary>
    private static int CommentStart(string line)
    {
        for (var at = line.IndexOf('#', StringComparison.Ordinal); at >= 0; at = line.IndexOf('#', at + 1))
        {
            if (at == 0 || char.IsWhiteSpace(line[at - 1]))
            {
                return line.AsSpan(0, at).TrimEnd().Length;
            }
        }

        return line.Length;
    }

    private static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (inWord, quote) = (false, '\0');
        foreach (var character in line)
        {
            if (quote != '\0')
            {
                if (character == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(character);
                }
            }
            else if (character is '"' or '\'')
            {
                (inWord, quote) = (true, character);
            }
            else if (!char.IsWhiteSpace(character))
            {
                inWord = true;
                word.Append(character);
            }
            else if (inWord)
            {
                words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    [GeneratedRegex(@"\$\{([A-Z0-9_]+)\}")]
    private static partial Regex Variable();
}

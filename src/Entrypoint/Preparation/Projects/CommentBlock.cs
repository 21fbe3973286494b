namespace Entrypoint.Preparation.Projects;

/// <summary>
/// A block of comments between <c># /// type</c> and <c># ///</c>: what the expression of PEP 723 matches, found in one pass over the
/// lines, whatever they hold.
/// </summary>
/// <param name="Type">The word behind the slashes.</param>
/// <param name="First">The index of the first line.</param>
/// <param name="Last">The index of the last line.</param>
internal sealed record CommentBlock(string Type, int First, int Last)
{
    private const string Slashes = "# ///";

    /// <summary>All blocks of a script.</summary>
    public static IEnumerable<CommentBlock> In(string[] lines)
    {
        for (var index = 0; index < lines.Length; index++)
        {
            if (TypeOf(lines[index]) is not { } type)
            {
                continue;
            }

            var (first, last) = (index, -1);
            for (index++; index < lines.Length && IsComment(lines[index]); index++)
            {
                // The last one closes it, and something must stand between.
                if (lines[index] == Slashes && index > first + 1)
                {
                    last = index;
                }
            }

            if (last > 0)
            {
                yield return new CommentBlock(type, first, last);
            }

            // What follows the close in the same run of comments may begin a further block; where nothing closes, nothing in it does.
            index = (last > 0 ? last + 1 : index) - 1;
        }
    }

    /// <summary>What stands in it.</summary>
    public string Content(string[] lines) => string.Join('\n', lines[(First + 1)..Last].Select(line => line.Length > 1 ? line[2..] : ""));

    private static bool IsComment(string line) => line == "#" || line.StartsWith("# ", StringComparison.Ordinal);

    private static string? TypeOf(string line) =>
        line.StartsWith(Slashes + " ", StringComparison.Ordinal)
        && line[(Slashes.Length + 1)..] is { Length: > 0 } type
        && type.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
            ? type
            : null;
}

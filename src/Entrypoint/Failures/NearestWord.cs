namespace Entrypoint.Failures;

/// <summary>Finds the word that somebody who mistyped one meant.</summary>
internal static class NearestWord
{
    /// <summary>The word with the fewest letters to change, or null where none is near. What is a beginning of a word is near to it.</summary>
    public static string? To(string mistyped, IEnumerable<string> words)
    {
        var (nearest, distance) = words
            .Select(word => (Word: word, Distance: word.StartsWith(mistyped, StringComparison.OrdinalIgnoreCase) && mistyped.Length > 3 ? 1 : Distance(word, mistyped)))
            .MinBy(candidate => candidate.Distance);
        return distance <= Math.Max(2, mistyped.Length / 3) ? nearest : null;
    }

    /// <summary>Levenshtein's distance: insertions, deletions, substitutions.</summary>
    private static int Distance(string first, string second)
    {
        var previous = Enumerable.Range(0, second.Length + 1).ToArray();
        for (var row = 1; row <= first.Length; row++)
        {
            var current = new int[second.Length + 1];
            current[0] = row;
            for (var column = 1; column <= second.Length; column++)
            {
                var substitution = previous[column - 1] + (first[row - 1] == second[column - 1] ? 0 : 1);
                current[column] = Math.Min(substitution, Math.Min(previous[column], current[column - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}

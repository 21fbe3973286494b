namespace Entrypoint.CommandLine;

/// <summary>Finds the option that somebody who mistyped one meant.</summary>
internal static class NearestOption
{
    /// <summary>The option with the fewest letters to change, or null where none is near.</summary>
    public static string? To(string mistyped)
    {
        var name = mistyped.Split('=')[0];
        var (nearest, distance) = OptionTable.All
            .Select(entry => (entry.Name, Distance: entry.Name.StartsWith(name, StringComparison.Ordinal) && name.Length > 3 ? 1 : Distance(entry.Name, name)))
            .MinBy(candidate => candidate.Distance);
        return distance <= Math.Max(2, name.Length / 3) ? nearest : null;
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

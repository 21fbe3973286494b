using System.Text.RegularExpressions;

namespace Entrypoint.Preparation;

/// <summary>
/// The files and folders that a lock file names. It is the work of a tool and regular; what is found too much is only looked at for
/// nothing.
/// </summary>
internal static partial class LockedPlaces
{
    /// <summary>Relative or absolute paths.</summary>
    public static IEnumerable<string> In(string text) =>
        Place().Matches(text).Select(match => match.Groups["place"].Value).Where(place => place.Length > 0).Distinct(StringComparer.Ordinal);

    [GeneratedRegex("""(?<![\w-])(path|directory|editable|virtual)\s*=\s*("(?<place>[^"\\\n]*)"|'(?<place>[^'\n]*)')""")]
    private static partial Regex Place();
}

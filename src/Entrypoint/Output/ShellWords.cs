using System.Text.RegularExpressions;

namespace Entrypoint.Output;

/// <summary>Writes command lines so that a person can read them, and paste them into a shell.</summary>
internal static partial class ShellWords
{
    /// <summary>The words with quotes where a shell needs them.</summary>
    public static string Join(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'"));

    [GeneratedRegex(@"^[A-Za-z0-9_@%+=:,./-]+$")]
    private static partial Regex Plain();
}

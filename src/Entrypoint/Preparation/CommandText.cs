using System.Text.RegularExpressions;

namespace Entrypoint.Preparation;

/// <summary>Writes command lines for people: a word that a shell would take apart stands in quotation marks.</summary>
internal static partial class CommandText
{
    public static string Of(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'"));

    [GeneratedRegex(@"^[A-Za-z0-9_@%+=:,./~-]+$")]
    private static partial Regex Plain();
}

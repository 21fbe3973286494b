using System.Globalization;
using System.Text.RegularExpressions;
using Entrypoint.Failures;

namespace Entrypoint.Sources.Lab;

/// <summary>A key of Lab data, split into the file's name and its version.</summary>
/// <param name="Text">As given or answered.</param>
/// <param name="Name">Without the version.</param>
/// <param name="Version">The <c>N</c> of <c>.vN</c> at the end; null where there is none.</param>
internal sealed partial record LabDataKey(string Text, string Name, int? Version)
{
    /// <summary>Reads a key.</summary>
    public static LabDataKey Read(string text) =>
        Suffix().Match(text) is { Success: true } match
            && int.TryParse(match.Groups["version"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new LabDataKey(text, text[..match.Index], version)
            : new LabDataKey(text, text, null);

    /// <summary>Whether the key, taken as a path, stays within the folder that it is put in.</summary>
    public static bool IsSafe(string text) =>
        !text.Contains('\0', StringComparison.Ordinal) && Array.TrueForAll(text.Split('/'), name => name is not ("" or "." or ".."));

    /// <summary>Checks a key that somebody gave.</summary>
    /// <exception cref="EntrypointException">65.</exception>
    public static LabDataKey Parse(string text) => IsSafe(text)
        ? Read(text)
        : throw new EntrypointException(
            ExitCode.DataError, $"The Lab data key '{Archives.EntryName.Show(text)}' is refused: it must be relative, without '..' and empty names.");

    [GeneratedRegex(@"(?<=[^/])\.v(?<version>[0-9]+)$")]
    private static partial Regex Suffix();
}

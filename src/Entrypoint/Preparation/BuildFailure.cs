using System.Text.RegularExpressions;

namespace Entrypoint.Preparation;

/// <summary>
/// Why a package could not be built. pip shows what the build printed as an indented block and ends with words of its own that say
/// nothing ("metadata-generation-failed").
/// </summary>
internal static partial class BuildFailure
{
    /// <summary>The reason that stands in the last block, with the package that it is about; null where there is no block.</summary>
    /// <param name="lines">What pip printed, without empty lines, trimmed.</param>
    public static string? Reason(string[] lines)
    {
        var opening = Array.FindLastIndex(lines, line => Opening().IsMatch(line));
        var end = Array.FindIndex(lines, Math.Max(opening, 0), line => line == "[end of output]");
        if (end < 0)
        {
            return null;
        }

        // Of a long output the beginning may be gone.
        var block = lines[(opening + 1)..end];
        var cause = Cause(block);
        return cause is null || Package(lines[..Math.Max(opening, 0)]) is not { } package || cause.Contains(package, StringComparison.Ordinal)
            ? cause
            : $"{cause} ({package})";
    }

    private static string? Cause(string[] block)
    {
        var last = Array.FindLastIndex(block, line => FailureReason.IsError(line));
        if (last >= 0 && !Follows().IsMatch(block[last]))
        {
            return block[last];
        }

        // That a compiler has failed says less than what it failed of.
        return Array.FindLast(block, line => Compiler().IsMatch(line)) ?? (last >= 0 ? block[last] : block.LastOrDefault());
    }

    private static string? Package(string[] before)
    {
        if (Array.FindLast(before, line => line.StartsWith('×')) is { } heading && Wheel().Match(heading) is { Success: true } wheel)
        {
            return wheel.Groups["name"].Value;
        }

        return Array.FindLast(before, line => Source().IsMatch(line)) is { } line ? Source().Match(line).Groups["name"].Value : null;
    }

    [GeneratedRegex(@"^╰─> \[\d+ lines? of output\]$")]
    private static partial Regex Opening();

    [GeneratedRegex("^error: command .* failed|^error: (subprocess-exited-with-error|metadata-generation-failed)|^(subprocess\\.)?CalledProcessError:")]
    private static partial Regex Follows();

    [GeneratedRegex(@"^\S+:\d+(:\d+)?: (fatal )?error: |^(fatal )?error(\[\w+\])?: (?!command )|^\S*CMake Error|^ld: |: undefined reference to ")]
    private static partial Regex Compiler();

    [GeneratedRegex(@"^× Building wheel for (?<name>\S+)")]
    private static partial Regex Wheel();

    [GeneratedRegex(@"^(Processing|Collecting) (?<name>\S+)")]
    private static partial Regex Source();
}

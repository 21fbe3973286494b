using System.Globalization;
using System.Text.RegularExpressions;
using Entrypoint.Output;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Reads Git's progress lines: <c>Receiving objects:  45% (900/2000), 1.20 MiB | 1.00 MiB/s</c>.</summary>
internal static partial class GitProgress
{
    /// <summary>Passes a line on, if it is one.</summary>
    public static void Report(string line, TransferProgress progress)
    {
        if (Read(line) is { } found)
        {
            progress.Report(found.Share, found.Words);
        }
    }

    /// <summary>The share and the words of a line; null where it is no progress.</summary>
    public static (double Share, string Words)? Read(string line)
    {
        var match = Line().Match(line);
        return match.Success
            ? (int.Parse(match.Groups["percent"].ValueSpan, CultureInfo.InvariantCulture) / 100.0, $"{match.Groups["what"].Value} {match.Groups["rest"].Value.Trim()}")
            : null;
    }

    [GeneratedRegex(@"^(remote: )?(?<what>[A-Z][A-Za-z ]+):\s+(?<percent>[0-9]{1,3})% (?<rest>\([0-9]+/[0-9]+\).*)$")]
    private static partial Regex Line();
}

using System.Text.RegularExpressions;

namespace Entrypoint.Preparation.Projects;

/// <summary>Names of packages, extras and dependency groups, which are the same when they only differ in case and in <c>-</c>, <c>_</c> and <c>.</c> (PEP 503, 685, 735).</summary>
internal static partial class PackageName
{
    /// <summary>The form in which equal names are equal texts.</summary>
    public static string Normalize(string name) => Separators().Replace(name.Trim(), "-").ToLowerInvariant();

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();
}

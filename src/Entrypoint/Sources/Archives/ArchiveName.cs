using Entrypoint.Failures;

namespace Entrypoint.Sources.Archives;

/// <summary>Names that only archives have. Content alone says what a file is, but a file of such a name that is none is a mistake of somebody's.</summary>
internal static class ArchiveName
{
    private static readonly string[] Endings = [".zip", ".pyz", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"];

    /// <summary>Whether a name, or a path's last name, ends like an archive's.</summary>
    public static bool IsOne(string name) => Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>The failure for what has such a name and is no archive.</summary>
    /// <param name="found">What it is, and its own words, as <see cref="FileContent.Look(string)"/> has them.</param>
    public static EntrypointException Refusal(string display, (FileNature Nature, string? Words) found) => new(
        ExitCode.DataError,
        $"{display} is named like an archive, but it is {FileContent.Describe(found.Nature)}{FileContent.Quote(found.Words)}: check where it comes from, or give a script another name.");
}

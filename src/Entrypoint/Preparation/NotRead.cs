using System.Text.RegularExpressions;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>Says, as warnings, what stands beside the packages that are installed and is not read.</summary>
internal static partial class NotRead
{
    private static readonly string[] Locks = ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"];

    /// <summary>Locks of other tools, and a Python that another one was meant for.</summary>
    /// <param name="facts">Of the Python that the job runs with; null where it does not tell.</param>
    /// <param name="hasLock">Whether the packages come from a lock themselves.</param>
    public static void Say(SourceContext context, PythonFacts? facts, bool hasLock)
    {
        foreach (var name in Locks.Where(name => !hasLock && context.Has(name)))
        {
            context.Tools.Log.Warning(
                "{File} is not read, so versions may differ from those in it. Export it to pylock.toml or requirements.txt{Otherwise}.",
                name,
                name == UvLockFile.FileName ? ", or install from it: --dependencies uv.lock" : "");
        }

        if (facts is not null && Wanted(context) is { } wanted && !$"{facts.Version}.".StartsWith($"{wanted}.", StringComparison.Ordinal))
        {
            context.Tools.Log.Warning(".python-version asks for Python {Wanted}, and the job runs with {Version}: no Python is installed. Choose another with --python.", wanted, facts.Version);
        }
    }

    /// <summary>Indexes that only another tool reads.</summary>
    public static void SayIndexes(ILogger log, string file) => log.Warning(
        "{File} names places of its own for packages, which pip does not read: packages come from pip's index. Set PIP_EXTRA_INDEX_URL, or install from uv.lock.", file);

    /// <summary>Major and minor version in <c>.python-version</c>, as pyenv and uv write it; null where there is none.</summary>
    private static string? Wanted(SourceContext context)
    {
        const string Name = ".python-version";
        if (!context.Has(Name))
        {
            return null;
        }

        var line = context.ReadText(Name).Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#');
        return MinorVersion().Match(line ?? "") is { Success: true } match ? match.Groups["version"].Value : null;
    }

    [GeneratedRegex(@"^(cpython-?|python-?)?(?<version>[0-9]+\.[0-9]+)(\.|$)")]
    private static partial Regex MinorVersion();
}

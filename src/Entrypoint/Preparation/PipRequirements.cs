using System.Collections.Immutable;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Preparation;

/// <summary>
/// Dependencies that are given to pip as arguments, which works with every pip, builds nothing of the code and writes nothing into its
/// folder. Behind <c>--</c> none of them can be an option.
/// </summary>
internal static class PipRequirements
{
    /// <summary>The command that installs them; none where there are none.</summary>
    public static ImmutableArray<string> Command(string interpreter, IReadOnlyList<Requirement> requirements) => requirements.Count == 0
        ? []
        : [interpreter, "-m", "pip", "install", "--no-cache-dir", "--", .. requirements.Select(requirement => requirement.Text)];

    /// <summary>What becomes of them when they are not read.</summary>
    public static string Summary(IReadOnlyList<Requirement> requirements) => requirements.Count == 1
        ? "names 1 dependency, which is not installed"
        : $"names {requirements.Count} dependencies, which are not installed";
}

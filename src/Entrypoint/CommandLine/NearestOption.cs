using Entrypoint.Failures;

namespace Entrypoint.CommandLine;

/// <summary>Finds the option that somebody who mistyped one meant.</summary>
internal static class NearestOption
{
    /// <summary>The option with the fewest letters to change, or null where none is near.</summary>
    public static string? To(string mistyped) => NearestWord.To(mistyped.Split('=')[0], OptionTable.All.Select(entry => entry.Name));
}

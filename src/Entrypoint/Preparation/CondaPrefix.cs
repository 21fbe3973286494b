namespace Entrypoint.Preparation;

/// <summary>
/// The conda environment that the job runs in. While it is built, packages are installed into it; once it is named it is never changed,
/// and packages that it lacks go into a virtual environment above it.
/// </summary>
/// <param name="Path">Its prefix.</param>
/// <param name="Installed">The packages that were installed into it (<see cref="Describe"/>); null or empty where none were.</param>
internal sealed record CondaPrefix(string Path, string? Installed)
{
    /// <summary>Where this run builds it and has not named it yet.</summary>
    public UnfinishedConda? Unfinished { get; init; }

    /// <summary>Text for what was installed, as the note of the generation.</summary>
    public static string Describe(string content, string packages) => $"{content} {packages}";
}

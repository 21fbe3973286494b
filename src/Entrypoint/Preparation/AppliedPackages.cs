using System.Text.Json;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// Says that packages were installed into a Python that is not ours. It holds for as long as nobody changes the folders with packages. It
/// is written after success, and removed before anything is changed.
/// </summary>
/// <param name="Run">The name of the run that installed them.</param>
/// <param name="Content">The content that they were installed for (<see cref="ContentDigest.Name"/>).</param>
/// <param name="Packages">All that this Python sees, afterwards (<see cref="PackageFolder.Digest"/>).</param>
/// <param name="Checkouts">Where the code of editable packages lies that was fetched for it; null where there is none.</param>
internal sealed record AppliedPackages(string Run, string Content, string Packages, string? Checkouts);

/// <summary>What is written down of Pythons that are not ours, in the state folder.</summary>
internal sealed class AppliedPackagesRecords(StateFolder state, StoreContext context, ILogger log)
{
    private const string Folder = "applied";

    /// <summary>What was installed for a key; null where nothing was, or what was does not count.</summary>
    /// <param name="evenOutdated">Whether it counts with <c>--refresh</c> too.</param>
    public AppliedPackages? Find(string key, bool evenOutdated)
    {
        try
        {
            var found = state.Read(Folder, FileOf(key)) is { } content ? JsonSerializer.Deserialize(content, PreparationJson.Default.AppliedPackages) : null;
            return evenOutdated || !context.IsOutdated(key, found?.Run ?? "") ? found : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Removes what is written down: it is about to become untrue.</summary>
    public void Remove(string key)
    {
        foreach (var file in state.FoldersOf(Folder).Select(folder => Path.Combine(folder, FileOf(key))).Where(OsFile.IsFile))
        {
            try
            {
                OsFile.Delete(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It cannot be trusted any more, but then the folders will not be as it says.
                log.Debug("Cannot remove {File}: {Reason}", file, exception.Message);
            }
        }
    }

    /// <summary>Writes it down. Where that fails the next start will do it all again, which is no reason to fail now.</summary>
    public void Write(string key, AppliedPackages applied)
    {
        try
        {
            state.Write(Folder, FileOf(key), JsonSerializer.SerializeToUtf8Bytes(applied, PreparationJson.Default.AppliedPackages));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EntrypointException)
        {
            log.Warning("The next start will install the packages again, because this could not be noted down: {Reason}", exception.Message);
        }
    }

    private static string FileOf(string key) => key + ".json";
}

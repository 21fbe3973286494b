using System.Text.Json;
using Entrypoint.Failures;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// Says that <c>requirements.txt</c> was installed. It holds for one content and one interpreter (by its name), and for as long as nobody
/// changes the folders with packages. It is written after success, and removed before anything is changed.
/// </summary>
/// <param name="Content">The content that was installed (<see cref="ContentDigest.State"/>).</param>
/// <param name="Environment">The name of the virtual environment that was made for it; null where the interpreter itself took the packages.</param>
/// <param name="Folders">All folders with packages as they were afterwards.</param>
internal sealed record Stamp(string Content, string? Environment, PackageFolder[] Folders)
{
    /// <summary>Whether it is about this content, and the folders are as they were.</summary>
    public bool IsValid(string content) =>
        string.Equals(Content, content, StringComparison.Ordinal) && Array.TrueForAll(Folders, folder => folder == PackageFolder.Look(folder.Path));
}

/// <summary>The stamps of the state folder.</summary>
internal sealed class Stamps(StateFolder state, ILogger log)
{
    private const string Folder = "stamps";

    /// <summary>The stamp of a content and an interpreter, valid or not; null where there is none.</summary>
    /// <param name="notBefore">An older one does not count.</param>
    public Stamp? Find(string name, DateTimeOffset? notBefore) => Files(name)
        .Where(file => notBefore is not { } limit || File.GetLastWriteTimeUtc(file) >= limit)
        .Select(Read)
        .FirstOrDefault(stamp => stamp is not null);

    /// <summary>Removes a stamp: what it says is about to become untrue.</summary>
    public void Remove(string name)
    {
        foreach (var file in Files(name))
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It cannot be trusted any more, but then the folders will not be as it says.
                log.Debug("Cannot remove the stamp {File}: {Reason}", file, exception.Message);
            }
        }
    }

    /// <summary>Writes a stamp. Where that fails the next start will do it all again, which is no reason to fail now.</summary>
    public void Write(string name, Stamp stamp)
    {
        try
        {
            state.Write(Folder, name + ".json", JsonSerializer.SerializeToUtf8Bytes(stamp, PreparationJson.Default.Stamp));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EntrypointException)
        {
            log.Warning("The next start will install the requirements again, because this could not be noted down: {Reason}", exception.Message);
        }
    }

    private IEnumerable<string> Files(string name) => state.Roots.Select(root => Path.Combine(root, Folder, name + ".json")).Where(File.Exists);

    private static Stamp? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), PreparationJson.Default.Stamp);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

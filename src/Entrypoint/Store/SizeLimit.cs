namespace Entrypoint.Store;

/// <summary>Keeps a place with generations below a size: what was used longest ago goes first, and nothing that somebody holds.</summary>
/// <param name="bytes">The size.</param>
internal sealed class SizeLimit(GenerationPlace place, long bytes)
{
    /// <summary>Removes the generations that were used longest ago until the others fit.</summary>
    public async Task ApplyAsync()
    {
        var kept = place.All().Select(found => (found.Path, found.LastUse, Size: FolderSize.Of(found.Path))).OrderBy(found => found.LastUse).ToList();
        var total = kept.Sum(found => found.Size);
        foreach (var (path, _, size) in kept)
        {
            if (total <= bytes)
            {
                return;
            }

            if (await place.RemoveAsync(path, evenNamed: true).ConfigureAwait(false))
            {
                total -= size;
            }
        }
    }
}

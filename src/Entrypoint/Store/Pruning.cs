namespace Entrypoint.Store;

/// <summary>Something that is removed because nothing has used it for long.</summary>
/// <param name="Bytes">How much room it takes.</param>
internal sealed record Pruned(string Path, DateTimeOffset LastUse, long Bytes);

/// <summary>Removes from places what nothing has used for so long and nobody holds.</summary>
/// <param name="age">How long.</param>
internal sealed class Pruning(StoreContext context, TimeSpan age)
{
    /// <summary>Removes it.</summary>
    /// <param name="onlyLook">Whether it is only looked for.</param>
    public async Task<IReadOnlyList<Pruned>> RunAsync(IEnumerable<GenerationPlace> places, bool onlyLook)
    {
        var pruned = new List<Pruned>();
        var limit = context.Time.GetUtcNow() - age;
        foreach (var place in places)
        {
            foreach (var (path, lastUse) in place.All().Where(found => found.LastUse <= limit))
            {
                var found = new Pruned(path, lastUse, FolderSize.Of(path));
                if (onlyLook ? !IsHeld(path) : await place.RemoveAsync(path, evenNamed: true, withoutLocks: true).ConfigureAwait(false))
                {
                    pruned.Add(found);
                }
            }
        }

        return pruned;
    }

    private static bool IsHeld(string path)
    {
        using var alone = Lease.TakeForRemoval(path, withoutLocks: true);
        return alone is null;
    }
}

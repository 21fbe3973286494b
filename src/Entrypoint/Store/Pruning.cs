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
                var found = new Pruned(path, lastUse, SizeOf(path));
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
        using var alone = Lease.TakeAlone(path, withoutLocks: true);
        return alone is null;
    }

    private static long SizeOf(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true };
        return Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*", options).Where(file => file.LinkTarget is null).Sum(file => file.Length)
            : 0;
    }
}

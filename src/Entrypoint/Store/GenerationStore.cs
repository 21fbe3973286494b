using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>All generations of one kind, wherever they may lie: what is found is taken, in the order of the places; what is new goes to one of them.</summary>
/// <param name="places">Where to look.</param>
/// <param name="makePlace">Where something new goes, and where it goes when it is for this run alone; it exists.</param>
internal sealed class GenerationStore(
    Func<IEnumerable<GenerationPlace>> places, Func<bool, GenerationPlace> makePlace, StoreContext context)
{
    private const int MostTries = 10;

    /// <summary>What was named, but is not what it was any more.</summary>
    private readonly List<string> _unsound = [];

    /// <summary>The generation of a key; null where there is none.</summary>
    /// <param name="hold">Whether to hold it until this run ends; a plan changes nothing and holds nothing.</param>
    /// <param name="isSound">Whether it still is what was named; somebody may have changed it, or removed half of it.</param>
    public Generation? Find(string key, bool hold, Func<Generation, bool> isSound)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var found = places().Select(place => place.Find(key)).FirstOrDefault(generation => generation is not null);
            if (context.IsOutdated(key, found?.Path ?? ""))
            {
                found = null;
            }

            if (found is not null && !isSound(found))
            {
                _unsound.Add(found.Path);
                found = null;
            }

            if (found is null || !hold)
            {
                return found;
            }

            if (Lease.Hold(found.Path) is { } lease)
            {
                context.Leases.Add(lease);
                if (OsFile.IsFolder(found.Path))
                {
                    return found;
                }
            }

            // It is being removed, since another one has been named meanwhile.
        }

        return null;
    }

    /// <summary>Starts a new one.</summary>
    /// <param name="isPrivate">Whether it is for this run alone.</param>
    /// <exception cref="EntrypointException">73 or 74: it cannot be made.</exception>
    public async Task<GenerationBuild> BeginAsync(string key, bool isPrivate)
    {
        var place = makePlace(isPrivate);
        foreach (var path in _unsound.Where(path => Path.GetDirectoryName(path) == place.Folder))
        {
            _ = await place.RemoveAsync(path, evenNamed: true).ConfigureAwait(false);
        }

        await place.RemoveUnnamedAsync(key: null).ConfigureAwait(false);
        return place.Begin(key);
    }

    /// <summary>Removes what is superseded, or was left half built, and is held by nobody.</summary>
    public async Task RemoveUnnamedAsync(string key)
    {
        foreach (var place in places())
        {
            await place.RemoveUnnamedAsync(key).ConfigureAwait(false);
        }
    }
}

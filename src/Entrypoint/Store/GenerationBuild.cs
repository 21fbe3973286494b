using Entrypoint.Failures;

namespace Entrypoint.Store;

/// <summary>A generation while it is built: it is held, but nobody else knows it until it is named.</summary>
internal sealed class GenerationBuild(GenerationPlace place, string key, string path, Lease lease, StoreContext context)
{
    private bool _isOver;

    /// <summary>Its folder, which is not there yet.</summary>
    public string Path => path;

    /// <summary>What it is built for.</summary>
    public string Key => key;

    /// <summary>
    /// Says that it is complete, and the one of its key from now on. This run holds it until it ends. Where that cannot be written down,
    /// it is used for this run all the same.
    /// </summary>
    /// <param name="note">What to know later.</param>
    /// <param name="also">Another key by which it is found.</param>
    public Generation Name(string note, string? also = null)
    {
        var generation = new Generation(key, path, note);
        _isOver = true;
        context.Leases.Add(lease);
        Rights.Widen(path);
        try
        {
            place.Name(generation, key);
            if (also is not null && also != key)
            {
                place.Name(generation, also);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            context.Log.Warning("The next start will prepare this again, because {Folder} could not be named: {Reason}", path, exception.Message);
        }

        return generation;
    }

    /// <summary>Leaves it without a name: the next start removes it when this run has ended.</summary>
    public void KeepForThisRun()
    {
        _isOver = true;
        context.Leases.Add(lease);
    }

    /// <summary>Removes it, unless it was named.</summary>
    /// <exception cref="EntrypointException">74: it cannot be removed.</exception>
    public async Task DiscardAsync()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        await context.EndAbandonedProcessesAsync().ConfigureAwait(false);
        try
        {
            place.RemoveAll(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EntrypointException(ExitCode.InputOutput, $"Cannot remove the half-built {path}: {exception.Message} Remove it by hand.", exception);
        }
        finally
        {
            lease.Dispose();
        }
    }
}

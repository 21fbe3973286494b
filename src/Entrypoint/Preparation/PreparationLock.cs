using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>
/// Keeps other starts from preparing the same content at the same time. It saves them the work; nobody is wrong without it.
/// </summary>
internal sealed class PreparationLock(StoreContext context) : IDisposable
{
    private StateLock? _lock;
    private bool _isTaken;

    /// <summary>Takes it, after whoever holds it. It may be taken any number of times, and is kept until this is disposed of.</summary>
    /// <param name="files">Lock files, best first.</param>
    /// <param name="fallback">A folder that is there anyway, to be locked where there can be no lock file; it is not changed.</param>
    /// <returns>Whether it was taken now, so that what was looked at before may have changed.</returns>
    public async Task<bool> TakeAsync(IEnumerable<string?> files, string fallback, CancellationToken cancellationToken)
    {
        if (_isTaken)
        {
            return false;
        }

        _lock = await StateLock.AcquireAsync(files, fallback, context, cancellationToken).ConfigureAwait(false);
        return _isTaken = true;
    }

    public void Dispose()
    {
        _lock?.Dispose();
        (_lock, _isTaken) = (null, false);
    }
}

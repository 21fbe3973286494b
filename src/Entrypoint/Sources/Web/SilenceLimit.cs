namespace Entrypoint.Sources.Web;

/// <summary>Limits each of many waits by the same time, without a new timer for each.</summary>
internal sealed class SilenceLimit(TimeSpan limit, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Whether a wait took too long.</summary>
    public bool Passed => _source.IsCancellationRequested && !cancellationToken.IsCancellationRequested;

    /// <summary>The time runs.</summary>
    public CancellationToken Start()
    {
        _source.CancelAfter(limit);
        return _source.Token;
    }

    /// <summary>The time stands still.</summary>
    public void Stop() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose() => _source.Dispose();
}

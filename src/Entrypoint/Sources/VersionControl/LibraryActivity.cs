using Entrypoint.Output;

namespace Entrypoint.Sources.VersionControl;

/// <summary>What a library has reported of its work, and whether it is to go on.</summary>
internal sealed class LibraryActivity : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TransferProgress _progress;
    private readonly CancellationTokenSource _stopping;
    private long _last;

    /// <param name="cancellationToken">Stops it too.</param>
    public LibraryActivity(TimeProvider time, TransferProgress progress, CancellationToken cancellationToken)
    {
        (_time, _progress, _last) = (time, progress, time.GetTimestamp());
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Stopping = _stopping.Token;
    }

    /// <summary>Cancelled when it is to end.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>How long nothing has been reported.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _last));

    /// <summary>The next report is answered with an end.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>Something happened; returns whether to go on.</summary>
    public bool Mark()
    {
        Volatile.Write(ref _last, _time.GetTimestamp());
        return !Stopping.IsCancellationRequested;
    }

    /// <summary>So many objects came; returns whether to go on.</summary>
    public bool Mark(int done, int all, long bytes)
    {
        _progress.Report(all > 0 ? (double)done / all : null, $"Receiving objects ({done}/{all}), {bytes / 1e6:0.0} MB");
        return Mark();
    }

    public void Dispose() => _stopping.Dispose();
}

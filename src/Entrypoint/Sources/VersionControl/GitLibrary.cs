using Entrypoint.Output;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Git in process, through libgit2: for images without a <c>git</c> program. The same results for http, https, git and file; it has no shallow
/// and no partial fetch, so the history of the branch comes along.
/// </summary>
internal sealed class GitLibrary : IRepository
{
    private static readonly TimeSpan CancellationLimit = TimeSpan.FromSeconds(1);

    private readonly VcsUrl _url;
    private readonly FetchContext _context;
    private readonly TransferProgress _progress;

    public GitLibrary(VcsUrl url, FetchContext context, TransferProgress progress)
    {
        (_url, _context, _progress) = (url, context, progress);
        if (url.IsSsh)
        {
            throw new FetchFailureException(
                FailureKind.ProgramMissing, "Git over SSH needs the git program; install it (Debian: apt-get install git openssh-client)");
        }

        GitNativeLibrary.Load(context);
    }

    public async Task<FetchedTree> FetchAsync(string tree, bool sparse, CancellationToken cancellationToken)
    {
        // A call into the library cannot be interrupted, so it has a thread of its own, which may be left behind.
        var activity = new LibraryActivity(_context.Time, _progress, cancellationToken);
        var work = Task.Factory.StartNew(
            () => new GitLibraryFetch(_url, _context.Log, activity).Fetch(tree, sparse),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var limit = _context.Options.FetchTimeout;
        while (!work.IsCompleted)
        {
            var left = limit - activity.Silence;
            if (left <= TimeSpan.Zero)
            {
                activity.Stop();
                throw new FetchFailureException(FailureKind.Silent, $"nothing came for {limit.TotalSeconds:0.##} s (--fetch-timeout)");
            }

            using var wake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(work, Task.Delay(left, _context.Time, wake.Token)).ConfigureAwait(false);
            await wake.CancelAsync().ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested)
            {
                await Task.WhenAny(work, Task.Delay(CancellationLimit, _context.Time, CancellationToken.None)).ConfigureAwait(false);
                throw new OperationCanceledException(cancellationToken);
            }
        }

        return await work.ConfigureAwait(false);
    }
}

/// <summary>What the library has reported of its work, and whether it is to go on.</summary>
internal sealed class LibraryActivity(TimeProvider time, TransferProgress progress, CancellationToken cancellationToken)
{
    private long _last = time.GetTimestamp();
    private volatile bool _stopped;

    /// <summary>How long nothing has been reported.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _last));

    /// <summary>The next report is answered with an end.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Something happened; returns whether to go on.</summary>
    public bool Mark()
    {
        Volatile.Write(ref _last, time.GetTimestamp());
        return !_stopped && !cancellationToken.IsCancellationRequested;
    }

    /// <summary>So many objects came; returns whether to go on.</summary>
    public bool Mark(int done, int all, long bytes)
    {
        progress.Report(all > 0 ? (double)done / all : null, $"Receiving objects ({done}/{all}), {bytes / 1e6:0.0} MB");
        return Mark();
    }
}

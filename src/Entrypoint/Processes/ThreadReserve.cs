namespace Entrypoint.Processes;

/// <summary>
/// The runtime's own threads: made before the job runs, kept for ever, and no more after that. The supervision itself needs none of them, but
/// a timer that a connection has left behind may, and a pool that cannot make a thread ends the program. Idle ones would go away after 20 s:
/// <c>System.Threading.ThreadPool.ThreadsToKeepAlive</c> in the project file keeps them.
/// </summary>
internal static class ThreadReserve
{
    /// <summary>One that may be the thread that waits for the job, and one for whatever is queued.</summary>
    private const int Workers = 2;

    /// <summary>Never set: the pool's waiting thread stays as long as it has something to wait for.</summary>
    private static readonly ManualResetEvent Never = new(false);

    private static RegisteredWaitHandle? _waiting;

    /// <summary>Makes the threads that are missing, and allows no further ones. Where one cannot be made the program ends (<c>ThreadStart.c</c>).</summary>
    public static void Fill()
    {
        _waiting ??= ThreadPool.RegisterWaitForSingleObject(Never, (_, _) => { }, null, Timeout.Infinite, executeOnlyOnce: true);
        using var timer = new Timer(_ => { }, null, TimeSpan.FromDays(1), Timeout.InfiniteTimeSpan);
        FillPool();
    }

    private static void FillPool()
    {
        // Not disposed: the last to pass may still be in it.
        var others = Thread.CurrentThread.IsThreadPoolThread ? Workers - 1 : Workers;
        var all = new Barrier(others + 1);
        _ = ThreadPool.SetMinThreads(Workers, 1);
        for (var index = 0; index < others; index++)
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(_ => all.SignalAndWait(), null);
        }

        all.SignalAndWait();
        _ = ThreadPool.SetMaxThreads(Workers, 1);
    }
}

namespace Entrypoint.Processes;

/// <summary>
/// The runtime's own threads: asked for when the program starts, so that a limit on processes that leaves no room for them shows before
/// anything is done, there before the job runs, kept for ever, and no more after that. The supervision itself needs none of them, but a timer
/// that a connection has left behind may, and a pool that cannot make a thread ends the program. Idle ones would go away after 20 s:
/// <c>System.Threading.ThreadPool.ThreadsToKeepAlive</c> in the project file keeps them.
/// </summary>
internal static class ThreadReserve
{
    /// <summary>One that may be the thread that waits for the job, and one for whatever is queued.</summary>
    private const int Workers = 2;

    private static readonly CountdownEvent Missing = new(Workers);

    /// <summary>Never set: the pool's waiting thread stays as long as it has something to wait for.</summary>
    private static readonly ManualResetEvent Never = new(false);

    private static readonly List<object> Kept = [];

    /// <summary>Asks for the threads, once. Where one cannot be made the program ends (<c>ThreadStart.c</c>).</summary>
    public static void Request()
    {
        ThreadPool.GetMinThreads(out var usual, out var others);
        _ = ThreadPool.SetMinThreads(Math.Max(usual, Workers), others);
        _ = ThreadPool.UnsafeQueueUserWorkItem(_ => ArriveWithOthers(), null);
        for (var index = 1; index < Workers; index++)
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(_ => Arrive(), null);
        }
    }

    /// <summary>Waits until they are there, and allows no further ones.</summary>
    public static void Close()
    {
        _ = Missing.WaitHandle.WaitOne();
        _ = ThreadPool.SetMinThreads(Workers, 1);
        _ = ThreadPool.SetMaxThreads(Workers, 1);
    }

    /// <summary>Makes the threads that wait and that keep time: whoever makes a thread waits for it, and here nobody waits for that.</summary>
    private static void ArriveWithOthers()
    {
        Kept.Add(ThreadPool.RegisterWaitForSingleObject(Never, (_, _) => { }, null, Timeout.Infinite, executeOnlyOnce: true));
        Kept.Add(new Timer(_ => { }, null, TimeSpan.FromDays(1), Timeout.InfiniteTimeSpan));
        Arrive();
    }

    /// <summary>Each holds its thread until all are there, so that none is counted twice.</summary>
    private static void Arrive()
    {
        Missing.Signal();
        _ = Missing.WaitHandle.WaitOne();
    }
}

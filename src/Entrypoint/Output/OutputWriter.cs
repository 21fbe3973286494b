using Entrypoint.Linux;

namespace Entrypoint.Output;

/// <summary>
/// Writes to a standard stream, in order, and lets nobody wait for its reader who must not. What the reader does not take at once is kept
/// and written by a thread of its own, which is there before the job is, so that it needs nothing that the job may have used up. A slow
/// reader loses nothing; one that takes nothing loses lines once <see cref="MostForNobody"/> are kept, and is told how many when it goes on.
/// </summary>
internal sealed class OutputWriter
{
    /// <summary>Bytes that are kept for a reader that takes nothing.</summary>
    public const int MostForNobody = 64 * 1024;

    /// <summary>Bytes that are kept for one that is slow.</summary>
    private const int MostForSlow = 4 * 1024 * 1024;

    /// <summary>A reader that has taken nothing for so long is not slow, but away.</summary>
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();
    private readonly Outlet _outlet;
    private readonly OutputQueue _queue;
    private Thread? _thread;

    /// <param name="patience">How long a reader may take nothing until it counts as away; null for the usual.</param>
    public OutputWriter(Outlet outlet, TimeSpan? patience = null) => (_outlet, _queue) = (outlet, new OutputQueue(outlet, patience ?? UsualPatience));

    /// <summary>What to write where so many lines were lost.</summary>
    public Func<long, byte[]> LostLine { get => _queue.LostLine; set => _queue.LostLine = value; }

    /// <summary>Makes the thread now, if a reader can be slow at all: later there may be no room for it.</summary>
    public void Prepare()
    {
        lock (_gate)
        {
            if (_outlet.CanStall)
            {
                StartThread();
            }
        }
    }

    /// <summary>Queues the bytes and writes what the reader takes at once; never waits.</summary>
    public void Post(byte[] bytes)
    {
        lock (_gate)
        {
            _ = Drain();
            if (!_queue.IsEmpty && _queue.IsFullWith(bytes.Length, _queue.IsReaderAway() ? MostForNobody : MostForSlow))
            {
                _queue.Lose();
                return;
            }

            _queue.AddLostLine();
            _ = Enqueue(bytes);
        }
    }

    /// <summary>Writes all of it where its turn has come; false, and none of it, where the reader is behind.</summary>
    public bool TryPost(byte[] bytes)
    {
        lock (_gate)
        {
            _ = Drain();
            if (!_queue.IsEmpty)
            {
                return false;
            }

            _ = Enqueue(bytes);
            return true;
        }
    }

    /// <summary>Writes all of it, and waits until the reader has taken it.</summary>
    /// <returns>False where the reader is gone, or the wait was cancelled.</returns>
    public bool Write(ReadOnlySpan<byte> bytes, CancellationToken cancellationToken)
    {
        PendingBytes entry;
        lock (_gate)
        {
            if (cancellationToken.IsCancellationRequested && _queue.IsFullWith(0, MostForSlow))
            {
                return false;
            }

            entry = Enqueue(bytes.ToArray());
        }

        while (!entry.IsWritten && !cancellationToken.IsCancellationRequested)
        {
            WaitForProgress();
        }

        return entry is { IsWritten: true, Failed: false };
    }

    /// <summary>
    /// Waits until all is written, so that what another process writes comes after it, or this one can end. The wait is over when nothing
    /// was taken for a while.
    /// </summary>
    /// <param name="limit">How long at most, also for a reader that takes something now and then.</param>
    public void Flush(TimeSpan limit)
    {
        var start = Environment.TickCount64;
        while (TimeSpan.FromMilliseconds(Environment.TickCount64 - start) < limit && IsBehind(start))
        {
            WaitForProgress();
        }
    }

    private bool IsBehind(long since)
    {
        lock (_gate)
        {
            _ = Drain();
            return !_queue.IsEmpty && !_queue.IsReaderAway(since);
        }
    }

    private PendingBytes Enqueue(byte[] bytes)
    {
        var entry = _queue.Add(bytes);
        _ = Drain();
        if (!_queue.IsEmpty)
        {
            StartThread();
            Monitor.PulseAll(_gate);
        }

        return entry;
    }

    /// <summary>Writes what the reader takes now; returns whether that was anything. The gate is held.</summary>
    private bool Drain()
    {
        var progress = false;
        while (_outlet.NeverWaits && _queue.First is { } entry)
        {
            var written = _outlet.Write(entry.Rest);
            if (written.Error == Errno.EAGAIN)
            {
                _queue.NoteUnread();
                return progress;
            }

            Take(entry, written);
            progress = true;
        }

        return progress;
    }

    private void Take(PendingBytes entry, CallResult<int> written)
    {
        _queue.Take(written);
        if (entry.IsWritten)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits a moment, or until something was taken.</summary>
    private void WaitForProgress()
    {
        var writable = _outlet.NeverWaits && _outlet.WaitUntilWritable(Look);
        lock (_gate)
        {
            if (writable && Drain())
            {
                return;
            }

            // A terminal may say that it takes something and then not do so.
            _queue.NoteUnread();
            if (writable || !_outlet.NeverWaits)
            {
                _ = Monitor.Wait(_gate, Look);
            }
        }
    }

    private void StartThread()
    {
        if (_thread is not null)
        {
            return;
        }

        var thread = new Thread(Loop, maxStackSize: 256 * 1024) { IsBackground = true, Name = "Log" };
        try
        {
            thread.Start();
            _thread = thread;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // Whoever writes next, or waits for the end, writes this too.
            _thread = null;
        }
    }

    private void Loop()
    {
        while (true)
        {
            PendingBytes entry;
            lock (_gate)
            {
                while (_queue.First is null)
                {
                    _ = Monitor.Wait(_gate);
                }

                entry = _queue.First;
            }

            if (_outlet.NeverWaits)
            {
                WaitForProgress();
                continue;
            }

            // Only this thread writes then, and it may wait as long as it likes.
            var written = _outlet.Write(entry.Rest);
            if (written.Error == Errno.EAGAIN)
            {
                _ = _outlet.WaitUntilWritable(Look);
                continue;
            }

            lock (_gate)
            {
                Take(entry, written);
            }
        }
    }
}

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
    private readonly Queue<Entry> _entries = new();
    private readonly Outlet _outlet;
    private readonly TimeSpan _patience;
    private int _kept;
    private long _lost;
    private long _lastTaken = Environment.TickCount64;
    private int _lastUnread;
    private Thread? _thread;

    /// <param name="patience">How long a reader may take nothing until it counts as away; null for the usual.</param>
    public OutputWriter(Outlet outlet, TimeSpan? patience = null) => (_outlet, _patience) = (outlet, patience ?? UsualPatience);

    /// <summary>What to write where so many lines were lost.</summary>
    public Func<long, byte[]> LostLine { get; set; } = _ => [];

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

    /// <summary>Writes all of it, at once or later; waits for nobody.</summary>
    public void Post(byte[] bytes)
    {
        lock (_gate)
        {
            _ = Drain();
            if (_entries.Count > 0 && _kept + bytes.Length > (IsAway(_lastTaken) ? MostForNobody : MostForSlow))
            {
                _lost++;
                return;
            }

            TellOfLost();
            _ = Enqueue(bytes);
        }
    }

    /// <summary>Writes all of it where its turn has come; false, and none of it, where the reader is behind.</summary>
    public bool TryPost(byte[] bytes)
    {
        lock (_gate)
        {
            _ = Drain();
            if (_entries.Count > 0)
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
        Entry entry;
        lock (_gate)
        {
            if (cancellationToken.IsCancellationRequested && _kept > MostForSlow)
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
            return _entries.Count > 0 && !IsAway(Math.Max(since, _lastTaken));
        }
    }

    private Entry Enqueue(byte[] bytes)
    {
        var entry = Add(bytes);
        _ = Drain();
        if (_entries.Count > 0)
        {
            StartThread();
            Monitor.PulseAll(_gate);
        }

        return entry;
    }

    private Entry Add(byte[] bytes)
    {
        if (_entries.Count == 0)
        {
            // Nobody was kept waiting so far: the time that counts begins now.
            _lastTaken = Environment.TickCount64;
        }

        var entry = new Entry(bytes);
        _entries.Enqueue(entry);
        _kept += bytes.Length;
        return entry;
    }

    private void TellOfLost()
    {
        if (_lost > 0)
        {
            _ = Add(LostLine(_lost));
            _lost = 0;
        }
    }

    /// <summary>Writes what the reader takes now, with the gate held; whether that was anything.</summary>
    private bool Drain()
    {
        var progress = false;
        while (_outlet.NeverWaits && _entries.TryPeek(out var entry))
        {
            var written = _outlet.Write(entry.Rest);
            if (written.Error == Errno.EAGAIN)
            {
                NoteUnread();
                return progress;
            }

            Advance(entry, written);
            progress = true;
        }

        return progress;
    }

    private void Advance(Entry entry, CallResult<int> written)
    {
        _lastTaken = Environment.TickCount64;
        entry.Take(written);
        if (entry.IsWritten)
        {
            _ = _entries.Dequeue();
            _kept -= entry.Length;
            if (_entries.Count == 0)
            {
                TellOfLost();
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>A reader that has taken a part of a full pipe has not made room yet, and is there all the same.</summary>
    private void NoteUnread()
    {
        if (_outlet.Unread is var unread && unread != _lastUnread)
        {
            (_lastUnread, _lastTaken) = (unread, Environment.TickCount64);
        }
    }

    private bool IsAway(long since) => TimeSpan.FromMilliseconds(Environment.TickCount64 - since) > _patience;

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
            NoteUnread();
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
            Entry entry;
            lock (_gate)
            {
                while (!_entries.TryPeek(out entry!))
                {
                    _ = Monitor.Wait(_gate);
                }
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
                Advance(entry, written);
            }
        }
    }

    /// <summary>Bytes on their way.</summary>
    private sealed class Entry(byte[] bytes)
    {
        private int _taken;
        private volatile bool _written;

        public int Length => bytes.Length;

        public bool IsWritten => _written;

        /// <summary>Whether the reader is gone.</summary>
        public bool Failed { get; private set; }

        public ReadOnlySpan<byte> Rest => bytes.AsSpan(_taken);

        public void Take(CallResult<int> written)
        {
            _taken += written.Succeeded ? written.Value : 0;
            Failed = !written.Succeeded;
            _written = Failed || _taken == bytes.Length;
        }
    }
}

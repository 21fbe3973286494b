using Entrypoint.Linux;

namespace Entrypoint.Output;

/// <summary>
/// What a reader has not taken yet, in order, and when it took something last. Whoever uses it holds a lock: it has none of its own.
/// </summary>
/// <param name="patience">How long a reader may take nothing until it counts as away.</param>
internal sealed class OutputQueue(Outlet outlet, TimeSpan patience)
{
    private readonly Queue<PendingBytes> _entries = new();
    private int _kept;
    private long _lost;
    private long _lastTaken = Environment.TickCount64;
    private int _lastUnread;

    /// <summary>What to write where so many lines were lost.</summary>
    public Func<long, byte[]> LostLine { get; set; } = _ => [];

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>What is to be written next; null where nothing is.</summary>
    public PendingBytes? First => _entries.TryPeek(out var first) ? first : null;

    /// <summary>Whether so many bytes are kept, or more, with those added.</summary>
    public bool IsFullWith(int added, int limit) => _kept + added > limit;

    /// <summary>Whether the reader has taken nothing for longer than its patience lasts.</summary>
    /// <param name="since">Counted from here, in milliseconds of <see cref="Environment.TickCount64"/>, where it took something before that.</param>
    public bool IsReaderAway(long since = 0) => TimeSpan.FromMilliseconds(Environment.TickCount64 - Math.Max(since, _lastTaken)) > patience;

    /// <summary>Puts bytes at the end.</summary>
    public PendingBytes Add(byte[] bytes)
    {
        if (IsEmpty)
        {
            // Nobody was kept waiting so far: the time that counts begins now.
            _lastTaken = Environment.TickCount64;
        }

        var entry = new PendingBytes(bytes);
        _entries.Enqueue(entry);
        _kept += bytes.Length;
        return entry;
    }

    /// <summary>Counts a line that is not written at all.</summary>
    public void Lose() => _lost++;

    /// <summary>Puts a line at the end that says how many were lost, if any were.</summary>
    public void AddLostLine()
    {
        if (_lost > 0)
        {
            _ = Add(LostLine(_lost));
            _lost = 0;
        }
    }

    /// <summary>Notes what one call has written of the first.</summary>
    public void Take(CallResult<int> written)
    {
        _lastTaken = Environment.TickCount64;
        var entry = _entries.Peek();
        entry.Take(written);
        if (entry.IsWritten)
        {
            _ = _entries.Dequeue();
            _kept -= entry.Length;
            if (IsEmpty)
            {
                AddLostLine();
            }
        }
    }

    /// <summary>Notes that the pipe is fuller or emptier: a reader that has taken a part of a full pipe has not made room yet, and is there all the same.</summary>
    public void NoteUnread()
    {
        if (outlet.Unread is var unread && unread != _lastUnread)
        {
            (_lastUnread, _lastTaken) = (unread, Environment.TickCount64);
        }
    }
}

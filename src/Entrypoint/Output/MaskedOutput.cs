using System.Runtime.InteropServices;

namespace Entrypoint.Output;

/// <summary>
/// Passes on what a program prints, line by line, without secrets and in bounded memory. What does not end its line (a prompt, a bar of
/// dots) appears as well, after a moment; only what may be the beginning of a secret or of a URL is kept back a little longer, and is then
/// shown masked. Safe to use from several threads.
/// </summary>
internal sealed class MaskedOutput : IDisposable
{
    /// <summary>An unfinished line is shown when nothing has followed for so long,</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>and what may be the beginning of a secret in it after so long.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);

    /// <summary>A line that is longer is shown in parts,</summary>
    private const int LongLine = 64 * 1024;

    /// <summary>of which this much is looked at again with the next one: longer than any secret in any form.</summary>
    private const int Overlap = 16 * 1024;

    /// <summary>A beginning that is shorter says nothing about a secret.</summary>
    private const int TellingLength = 4;

    private static readonly System.Buffers.SearchValues<byte> UrlEnds = System.Buffers.SearchValues.Create(" \t\r\n\"'<>"u8);

    private readonly Secrets _secrets;
    private readonly Action<byte[]> _write;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly List<byte> _line = [];

    /// <summary>How much of the line has been shown already.</summary>
    private int _shown;
    private bool _patient;

    /// <summary>Whether all is dropped up to the end of a URL.</summary>
    private bool _swallows;

    /// <param name="write">Takes what may be shown.</param>
    public MaskedOutput(Secrets secrets, Action<byte[]> write, TimeProvider time)
    {
        (_secrets, _write) = (secrets, write);
        _timer = time.CreateTimer(_ => OnPause(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes what the program has printed.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_swallows)
            {
                var end = bytes.IndexOfAny(UrlEnds);
                bytes = end < 0 ? [] : bytes[end..];
                _swallows = end < 0;
            }

            while (!bytes.IsEmpty)
            {
                // A long text without line ends is never taken whole, however much comes at once.
                var part = bytes[..Math.Min(bytes.Length, LongLine)];
                bytes = bytes[part.Length..];
                _line.AddRange(part);
                ShowLines();
                if (_line.Count > LongLine)
                {
                    ShowPart();
                }
            }

            _patient = true;
            _timer.Change(_line.Count > _shown ? Pause : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Shows all that has been taken: the program has ended.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            ShowRest();
        }
    }

    public void Dispose() => _timer.Dispose();

    private ReadOnlySpan<byte> Line => CollectionsMarshal.AsSpan(_line);

    private void OnPause()
    {
        lock (_gate)
        {
            if (!_patient)
            {
                ShowRest();
                return;
            }

            _patient = false;
            var ranges = _secrets.Find(Line, out var partial);
            Show(Math.Max(_shown, Math.Min(partial, UnfinishedUrl(Line))), ranges);
            if (_line.Count > _shown)
            {
                _timer.Change(LongPause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void ShowLines()
    {
        var end = Line.LastIndexOfAny((byte)'\n', (byte)'\r') + 1;
        if (end > 0)
        {
            Show(end, _secrets.Find(Line[..end], out _));
            _line.RemoveRange(0, end);
            _shown = 0;
        }
    }

    private void ShowPart()
    {
        var ranges = _secrets.Find(Line, out _);
        var end = Line.Length - Overlap;
        if (ranges.Exists(range => range.Start < end && range.End == _line.Count))
        {
            // A URL without end: nothing more of it is shown.
            Show(Line.Length, ranges);
            _line.Clear();
            (_shown, _swallows) = (0, true);
            return;
        }

        var straddling = ranges.FindIndex(range => range.Start < end && end < range.End);
        end = straddling < 0 ? end : ranges[straddling].End;
        if (end > _shown)
        {
            Show(end, ranges);
        }

        _line.RemoveRange(0, end);
        _shown -= end;
    }

    /// <summary>The unfinished line as it is, and the beginning of a secret masked. It stays known for what follows.</summary>
    private void ShowRest()
    {
        if (_line.Count > _shown)
        {
            var ranges = _secrets.Find(Line, out var partial);
            if (Line.Length - partial >= TellingLength && ranges.TrueForAll(range => range.End <= partial))
            {
                ranges.Add((partial, Line.Length));
            }

            Show(Line.Length, ranges);
        }
    }

    /// <summary>Shows the line from where it has been shown up to an end. What a range begins is masked once, where it begins.</summary>
    private void Show(int end, List<(int Start, int End)> ranges)
    {
        var from = _shown;
        var clean = new List<byte>(Math.Max(end - from, 0));
        foreach (var range in ranges)
        {
            if (range.End <= from && range.Start != range.End || range.Start >= end || range.End < from)
            {
                continue;
            }

            if (range.Start >= from)
            {
                clean.AddRange(Line[from..range.Start]);
                clean.AddRange("****"u8);
            }

            from = Math.Min(range.End, end);
        }

        clean.AddRange(Line[Math.Min(from, end)..end]);
        _shown = Math.Max(_shown, end);
        if (clean.Count > 0)
        {
            _write([.. clean]);
        }
    }

    /// <summary>Where a URL begins that the line breaks off in, or the line's length.</summary>
    private static int UnfinishedUrl(ReadOnlySpan<byte> line) =>
        line.IndexOf("://"u8) >= 0 && SecretPlaces.UnfinishedUrl(System.Text.Encoding.Latin1.GetString(line)) is { } start ? start : line.Length;
}

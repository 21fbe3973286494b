using System.Globalization;
using Entrypoint.Linux;
using Serilog;

namespace Entrypoint.Output;

/// <summary>
/// Shows how a fetch gets on, once it takes longer than a second: a bar that is redrawn on a terminal, else a log line now and then.
/// Safe to call from several threads and as often as one likes.
/// </summary>
internal sealed class TransferProgress : IDisposable
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RedrawAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineAfter = TimeSpan.FromSeconds(10);
    private const int BarWidth = 30;

    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly bool _onTerminal;
    private readonly string _what;
    private readonly Lock _gate = new();
    private TimeSpan _next = FirstAfter;
    private readonly long _start;
    private bool _drawn;

    /// <param name="what">What is being fetched, for the line: "Fetching https://…".</param>
    /// <param name="onTerminal">Whether standard output is a terminal.</param>
    public TransferProgress(string what, ILogger log, TimeProvider time, bool onTerminal)
    {
        (_what, _log, _time, _onTerminal) = (what, log, time, onTerminal);
        _start = time.GetTimestamp();
    }

    /// <summary>Bytes so far, of so many (null: not known).</summary>
    public void Report(long done, long? total) => Report(
        total is > 0 and var all ? (double)done / all : null,
        total is > 0 and var size ? $"{Megabytes(done)} of {Megabytes(size)}" : Megabytes(done));

    /// <summary>A share from 0 to 1 (null: not known), and words such as "1,200 of 3,000 objects".</summary>
    public void Report(double? share, string words)
    {
        lock (_gate)
        {
            var elapsed = _time.GetElapsedTime(_start);
            if (elapsed < _next)
            {
                return;
            }

            _next = elapsed + (_onTerminal ? RedrawAfter : LineAfter);
            if (_onTerminal)
            {
                Draw(share, words);
            }
            else
            {
                _log.Information("{What}: {Progress}{Percent}", _what, words, share is { } known ? $" ({known:P0})".Replace(" %", "%", StringComparison.Ordinal) : "");
            }
        }
    }

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_drawn)
            {
                _ = RawOutput.Of(RawOutput.StandardOutput).TryPost([.. "\r\e[K"u8]);
                _drawn = false;
            }
        }
    }

    private void Draw(double? share, string words)
    {
        var bar = "";
        if (share is { } known)
        {
            var filled = (int)Math.Round(Math.Clamp(known, 0, 1) * BarWidth);
            bar = $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] ";
        }

        _drawn |= RawOutput.Of(RawOutput.StandardOutput).TryPost(OsText.Encode($"\r\e[K{bar}{words}"));
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB";
}

using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using CliWrap;
using Entrypoint.Linux;
using Entrypoint.Output;

namespace Entrypoint.Processes;

/// <summary>
/// Reads a pipe from a child to its end on a thread of its own: keeps it, in bounded memory, and shows it as it comes, without secrets,
/// or calls back for each line. When the child has ended but something it left behind holds the pipe open, it reads on for as long as this program
/// runs, so that what was left behind can go on writing.
/// </summary>
internal sealed class OutputPump
{
    /// <summary>The last part that is kept of what is there to be read by people (bytes): why something failed stands at its end.</summary>
    private const int KeptOfWords = 64 * 1024;

    /// <summary>The first part that is kept of an answer to a question (bytes): more than any has.</summary>
    private const int KeptOfAnswer = 32 * 1024 * 1024;

    /// <summary>What is longer is no line that anybody waits for (characters).</summary>
    private const int LongestLine = 64 * 1024;

    private readonly MaskedOutput? _shown;
    private readonly bool _isAnswer;
    private readonly Action<string>? _onLine;
    private readonly Action _onBytes;
    private readonly List<byte> _kept = [];
    private readonly StringBuilder _line = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _connected = new();

    /// <summary>The end of the pipe to read from; negative as long as there is none.</summary>
    private volatile int _descriptor = -1;

    /// <summary>Whether bytes are on their way from the pipe to where they are kept.</summary>
    private bool _busy;

    private OutputPump(MaskedOutput? shown, bool isAnswer, Action<string>? onLine, Action onBytes) =>
        (_shown, _isAnswer, _onLine, _onBytes, Target) = (shown, isAnswer, onLine, onBytes, PipeTarget.Create((stream, _) => Connect(stream)));

    /// <summary>Where the child's stream is to be piped. CliWrap is done with it at once, so that it never waits for a pipe's end.</summary>
    public PipeTarget Target { get; }

    /// <summary>What was kept, as UTF-8.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(_kept));
            }
        }
    }

    /// <summary>Makes the thread that will read, so that nothing can be missing for it when the child runs.</summary>
    /// <param name="shown">Takes all of it, to show it; null to show nothing.</param>
    /// <param name="isAnswer">Whether it is kept from its beginning, as the answer to a question; else its end is.</param>
    /// <param name="onLine">Called with each line.</param>
    /// <param name="onBytes">Called whenever something came.</param>
    public static OutputPump Start(MaskedOutput? shown, bool isAnswer, Action<string>? onLine, Action onBytes)
    {
        var pump = new OutputPump(shown, isAnswer, onLine, onBytes);
        WorkThread.Start("Output", pump.Loop);
        return pump;
    }

    /// <summary>There will be no child.</summary>
    public void Abandon() => _connected.TrySetResult();

    /// <summary>Waits until all that the child wrote has been read, and shown, or nobody waits for that any more. The child has ended.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        // What the child wrote is in the pipe by now; the end of the pipe may be far off when another process has it.
        while (!cancellationToken.IsCancellationRequested && !_ended.Task.IsCompleted && HasUnread())
        {
            await Task.WhenAny(_ended.Task, Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None)).ConfigureAwait(false);
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            _shown?.Flush();
        }
    }

    private Task Connect(Stream stream)
    {
        // Known before the child runs, and not only when the thread does: else a pipe that is not read yet would pass for an empty one.
        _descriptor = FileCalls.DuplicateForUs((int)((PipeStream)stream).SafePipeHandle.DangerousGetHandle());
        _connected.TrySetResult();
        return Task.CompletedTask;
    }

    private bool HasUnread()
    {
        lock (_gate)
        {
            return !_ended.Task.IsCompleted && (_busy || FileCalls.UnreadBytes(_descriptor) > 0);
        }
    }

    private void Loop()
    {
        const int Size = 32 * 1024;
        _connected.Task.Wait();
        if (_descriptor < 0)
        {
            return;
        }

        var buffer = new byte[Size];
        while (true)
        {
            // Marked before the bytes leave the pipe, so that a drain never sees them nowhere.
            var available = FileCalls.WaitUntilReadable(_descriptor);
            lock (_gate)
            {
                _busy = available;
            }

            var read = FileCalls.Read(_descriptor, buffer);
            if (read.Error == Errno.EINTR)
            {
                continue;
            }

            if (read is not { Succeeded: true, Value: > 0 })
            {
                break;
            }

            Take(buffer.AsSpan(0, read.Value));
            lock (_gate)
            {
                _busy = false;
            }
        }

        _shown?.Flush();
        lock (_gate)
        {
            _ = FileCalls.Close(_descriptor);
            _busy = false;
            _ended.TrySetResult();
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        _onBytes();
        _shown?.Write(bytes);
        lock (_gate)
        {
            _kept.AddRange(_isAnswer ? bytes[..Math.Min(bytes.Length, KeptOfAnswer - _kept.Count)] : bytes);
            if (!_isAnswer && _kept.Count > 2 * KeptOfWords)
            {
                _kept.RemoveRange(0, _kept.Count - KeptOfWords);
            }
        }

        if (_onLine is not null)
        {
            SplitLines(bytes);
        }
    }

    private void SplitLines(ReadOnlySpan<byte> bytes)
    {
        foreach (var character in Encoding.UTF8.GetString(bytes))
        {
            if (character is not ('\n' or '\r'))
            {
                _ = _line.Length < LongestLine ? _line.Append(character) : _line;
            }
            else if (_line.Length > 0)
            {
                _onLine!(_line.ToString());
                _line.Clear();
            }
        }
    }
}

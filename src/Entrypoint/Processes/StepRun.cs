using CliWrap;
using Entrypoint.Failures;
using Entrypoint.Output;

namespace Entrypoint.Processes;

/// <summary>One run of a <see cref="ProcessCommand"/>: its pipes, its output, its end, and what is left of its group when it is stopped.</summary>
internal sealed class StepRun
{
    /// <summary>What has been silent for too long has had its time; it gets this much to put things away.</summary>
    private static readonly TimeSpan SilentGrace = TimeSpan.FromSeconds(1);

    private readonly ProcessCommand _command;
    private readonly ChildOutput _output;
    private readonly TimeProvider _time;
    private readonly Secrets _secrets;
    private readonly CancellationToken _stopping;
    private readonly ChildProcess _child;
    private readonly List<OutputPump> _pumps = [];
    private long _lastOutput;

    /// <summary>Starts the program.</summary>
    /// <param name="spawn">How: given by the <see cref="Supervisor"/>.</param>
    /// <param name="secrets">What is masked in what it prints.</param>
    /// <param name="stopping">Cancelled when nothing waits any more for whoever reads what it prints.</param>
    /// <exception cref="EntrypointException">126 or 127.</exception>
    public StepRun(ProcessCommand command, Func<ChildStart, ChildProcess> spawn, Secrets secrets, TimeProvider time, CancellationToken stopping)
    {
        _stopping = stopping;
        (_command, _secrets, _time, _lastOutput) = (command, secrets, time, time.GetTimestamp());
        _output = command.Output == ChildOutput.Inherited && !secrets.IsEmpty ? ChildOutput.Shown : command.Output;
        try
        {
            var shown = _output == ChildOutput.Shown;
            Pump(shown ? RawOutput.StandardOutput : null, isAnswer: !shown, onLine: null);
            Pump(shown ? RawOutput.StandardError : null, isAnswer: false, command.OnErrorLine);
            _child = spawn(new ChildStart(command.Program, command.Arguments, command.Environment)
            {
                WorkingDirectory = command.WorkingDirectory,
                Group = ChildGroup.OwnSession,
                Input = command.Input is null ? null : PipeSource.FromBytes(command.Input),
                Output = _pumps.ElementAtOrDefault(0)?.Target,
                Error = _pumps.ElementAtOrDefault(1)?.Target,
            });
        }
        catch
        {
            _pumps.ForEach(pump => pump.Abandon());
            throw;
        }
    }

    /// <summary>The child, for signals.</summary>
    public ChildProcess Child => _child;

    /// <summary>Waits for its end.</summary>
    /// <param name="grace">How long it may take once it was told to stop.</param>
    /// <param name="stopSignal">The signal that tells it to stop.</param>
    /// <param name="killing">Cancelled when it must be killed at once.</param>
    /// <param name="cancellationToken">Cancelled when it is to stop.</param>
    public async Task<ProcessResult> WaitAsync(
        TimeSpan grace, Func<int> stopSignal, CancellationToken killing, CancellationToken cancellationToken)
    {
        var silent = await WaitForEndAsync(cancellationToken).ConfigureAwait(false);
        if (silent || cancellationToken.IsCancellationRequested)
        {
            _child.AskToEnd(silent ? Signals.Terminate : stopSignal());
            await Task.Run(() => _child.EndWithin(silent && grace > SilentGrace ? SilentGrace : grace, _time, killing), CancellationToken.None).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var status = await _child.Ended.ConfigureAwait(false);
        foreach (var pump in _pumps)
        {
            await pump.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();

        return new ProcessResult(status, Text(0) + (_output == ChildOutput.Shown ? Text(1) : ""), Text(1)) { Silent = silent };
    }

    /// <summary>Waits for the end, for the cancellation, or for the silence to last too long (true).</summary>
    private async Task<bool> WaitForEndAsync(CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => cancelled.TrySetResult()).ConfigureAwait(false);
        if (_command.SilenceLimit is not { } limit)
        {
            await Task.WhenAny(_child.Ended, cancelled.Task).ConfigureAwait(false);
            return false;
        }

        var activity = 0L;
        while (!_child.Ended.IsCompleted && !cancelled.Task.IsCompleted)
        {
            var left = limit - _time.GetElapsedTime(Volatile.Read(ref _lastOutput));
            if (left <= TimeSpan.Zero)
            {
                if (_command.Activity?.Invoke() is not { } now || now == activity)
                {
                    return true;
                }

                activity = now;
                left = limit;
                Volatile.Write(ref _lastOutput, _time.GetTimestamp());
            }

            await Task.WhenAny(_child.Ended, cancelled.Task, Task.Delay(left, _time, CancellationToken.None)).ConfigureAwait(false);
        }

        return false;
    }

    private string Text(int pump) => pump < _pumps.Count ? _pumps[pump].Text : "";

    private void Pump(int? showOn, bool isAnswer, Action<string>? onLine)
    {
        if (_output != ChildOutput.Inherited)
        {
            var shown = showOn is { } target ? new MaskedOutput(_secrets, bytes => _ = RawOutput.TryWrite(target, bytes, _stopping), _time) : null;
            _pumps.Add(OutputPump.Start(shown, isAnswer, onLine, () => Volatile.Write(ref _lastOutput, _time.GetTimestamp())));
        }
    }
}

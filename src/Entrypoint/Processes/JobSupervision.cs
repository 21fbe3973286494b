using System.Collections.Immutable;
using Entrypoint.Failures;
using Serilog;

namespace Entrypoint.Processes;

/// <summary>The job, or the workspace command.</summary>
/// <param name="Program">A full path.</param>
/// <param name="Timeout">How long it may run; null for as long as it likes.</param>
internal sealed record JobCommand(
    string Program, ImmutableArray<string> Arguments, ProcessEnvironment Environment, string WorkingDirectory, TimeSpan? Timeout)
{
    /// <summary>Program and arguments.</summary>
    public ImmutableArray<string> CommandLine => [Program, .. Arguments];
}

/// <summary>How the job ended.</summary>
/// <param name="TimedOut">Whether it was stopped because its time was over.</param>
internal sealed record JobEnd(ExitStatus Status, TimeSpan Duration, bool TimedOut);

/// <summary>
/// The running job: direct child of this program, its streams inherited, in the foreground of an own terminal. Passes signals on to its
/// group, and sees to it that it ends when its time is over or a grace period has passed.
/// </summary>
internal sealed class JobSupervision
{
    private readonly ChildProcess _child;
    private readonly Terminal? _terminal;
    private readonly JobCommand _command;
    private readonly TimeSpan? _gracePeriod;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly TaskCompletionSource<TimeSpan> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private JobSupervision(JobCommand command, ChildProcess child, Terminal? terminal, TimeSpan? gracePeriod, ILogger log, TimeProvider time)
    {
        (_command, _child, _terminal, _gracePeriod, _log, _time) = (command, child, terminal, gracePeriod, log, time);
        _started = time.GetTimestamp();
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="EntrypointException">126 or 127: it cannot be executed, or was not found.</exception>
    public static JobSupervision Start(
        JobCommand command, Reaper reaper, StopMirror mirror, TimeSpan? gracePeriod, ILogger log, TimeProvider time)
    {
        var terminal = Terminal.Controlling();
        var start = new ChildStart(command.Program, command.Arguments, command.Environment)
        {
            WorkingDirectory = command.WorkingDirectory,
            Group = terminal is null or { IsOwn: true } ? ChildGroup.Own : ChildGroup.Shared,
            ForegroundOf = terminal?.OwnDescriptor,
        };

        var child = reaper.Spawn(start, mirror.ChildStopped);
        terminal?.GiveTo(child.Id);
        return new JobSupervision(command, child, terminal, gracePeriod, log, time);
    }

    /// <summary>Passes a signal on. What a terminal has sent to all of a shared group, the job has already got.</summary>
    public void Forward(ReceivedSignal signal)
    {
        if (_child.Group == ChildGroup.Shared && signal.FromTerminal)
        {
            Tell(signal.Number);
            return;
        }

        if (Signals.Ends(signal.Number))
        {
            _child.AskToEnd(signal.Number);
            Tell(signal.Number);
        }
        else
        {
            _ = _child.Signal(signal.Number);
        }
    }

    /// <summary>Waits for its end, and sees to it where it must be.</summary>
    public async Task<JobEnd> WaitAsync()
    {
        var timedOut = false;
        try
        {
            timedOut = await WaitForEndAsync().ConfigureAwait(false);
            var status = await _child.Ended.ConfigureAwait(false);
            return new JobEnd(status, _time.GetElapsedTime(_started), timedOut);
        }
        finally
        {
            _terminal?.TakeBack();
        }
    }

    /// <summary>Takes down that the job was asked to end: with a grace period, that is when it begins.</summary>
    private void Tell(int signal)
    {
        if (Signals.Ends(signal) && _gracePeriod is { } grace)
        {
            _told.TrySetResult(grace);
        }
    }

    private async Task<bool> WaitForEndAsync()
    {
        using var over = new CancellationTokenSource();
        var timeout = OutOfTimeAsync(over.Token);
        var first = await Task.WhenAny(_child.Ended, _told.Task, timeout).ConfigureAwait(false);
        var timedOut = first == timeout;
        if (timedOut)
        {
            var usual = _gracePeriod ?? Supervisor.DefaultGracePeriod;
            _log.Warning(
                "The job has run for {Seconds} s (--timeout): stopping it, and killing it after {Grace} s", _command.Timeout!.Value.TotalSeconds, usual.TotalSeconds);
            _child.AskToEnd(Signals.Terminate);
            _told.TrySetResult(usual);
        }

        await over.CancelAsync().ConfigureAwait(false);
        if (_told.Task.IsCompleted)
        {
            var grace = await _told.Task.ConfigureAwait(false);
            await _child.EndWithinAsync(
                grace,
                _time,
                CancellationToken.None,
                () => _log.Warning("The job has not ended {Grace} s after it was told to: killing it", grace.TotalSeconds)).ConfigureAwait(false);
        }

        return timedOut;
    }

    /// <summary>Ends when the job's time is over: never where it has no limit. A single delay of .NET reaches no further than 49 days.</summary>
    private async Task OutOfTimeAsync(CancellationToken cancellationToken)
    {
        var limit = _command.Timeout ?? TimeSpan.MaxValue;
        while (limit - _time.GetElapsedTime(_started) is { Ticks: > 0 } left)
        {
            await Task.Delay(left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1), _time, cancellationToken).ConfigureAwait(false);
        }
    }
}

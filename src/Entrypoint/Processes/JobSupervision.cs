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
    /// <summary>How long it may take to end once it was asked to; null where it was not given.</summary>
    public TimeSpan? GracePeriod { get; init; }

    /// <summary>Program and arguments.</summary>
    public ImmutableArray<string> CommandLine => [Program, .. Arguments];
}

/// <summary>How the job ended.</summary>
/// <param name="TimedOut">Whether it was stopped because its time was over.</param>
internal sealed record JobEnd(ExitStatus Status, TimeSpan Duration, bool TimedOut);

/// <summary>
/// The running job: direct child of this program, its streams inherited, in the foreground of an own terminal. Passes signals on to its
/// group, and makes it end when its time is over or a grace period has passed. From the moment the job runs all of this is done by threads
/// that were there before, with descriptors that were open before: the job may use up all that the container may have.
/// </summary>
internal sealed class JobSupervision
{
    private readonly ChildProcess _child;
    private readonly Terminal? _terminal;
    private readonly JobCommand _command;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly AutoResetEvent _changed;
    private volatile bool _askedToEnd;

    private JobSupervision(JobCommand command, ChildProcess child, Terminal? terminal, ILogger log, TimeProvider time, AutoResetEvent changed)
    {
        (_command, _child, _terminal, _log, _time, _changed) = (command, child, terminal, log, time, changed);
        _started = time.GetTimestamp();
    }

    /// <summary>Starts the job.</summary>
    /// <exception cref="EntrypointException">126 or 127: it cannot be executed, or was not found.</exception>
    public static JobSupervision Start(JobCommand command, Reaper reaper, StopMirror mirror, ILogger log, TimeProvider time)
    {
        var terminal = Terminal.Controlling();
        var start = new ChildStart(command.Program, command.Arguments, command.Environment)
        {
            WorkingDirectory = command.WorkingDirectory,
            Group = terminal is null or { IsOwn: true } ? ChildGroup.Own : ChildGroup.Shared,
            ForegroundOf = terminal?.OwnDescriptor,
            InheritsInput = true,
        };

        var changed = new AutoResetEvent(false);
        var child = reaper.SpawnJob(start, new ChildWatch(mirror.ChildStopped, () => changed.Set()));
        terminal?.GiveTo(child.Id);
        return new JobSupervision(command, child, terminal, log, time, changed);
    }

    /// <summary>Passes a signal on. What a terminal has sent to all of a shared group, the job has already got.</summary>
    public void Forward(ReceivedSignal signal)
    {
        if (_child.Group == ChildGroup.Shared && signal.FromTerminal)
        {
            NoteRequestToEnd(signal.Number);
            return;
        }

        if (Signals.Ends(signal.Number))
        {
            _child.AskToEnd(signal.Number);
            NoteRequestToEnd(signal.Number);
        }
        else
        {
            _ = _child.Signal(signal.Number);
        }
    }

    /// <summary>Waits for at most the limit, and for no longer than the job may run; returns whether it has ended or was asked to.</summary>
    public bool EndsWithin(TimeSpan limit) => WaitUntil(() => _child.HasEnded || _askedToEnd, _command.Timeout < limit ? _command.Timeout : limit);

    /// <summary>Waits for the end of the job, and ends it when its time or grace period is over. Blocks the calling thread and uses no other.</summary>
    public JobEnd Wait()
    {
        try
        {
            var timedOut = WaitForEnd();
            WaitUntil(() => _child.HasEnded);
            return new JobEnd(_child.Status, _time.GetElapsedTime(_started), timedOut);
        }
        finally
        {
            _terminal?.TakeBack();
        }
    }

    /// <summary>Notes that the job was asked to end: with a grace period, that is when it begins.</summary>
    private void NoteRequestToEnd(int signal)
    {
        if (Signals.Ends(signal) && _command.GracePeriod is not null)
        {
            _askedToEnd = true;
            _changed.Set();
        }
    }

    /// <summary>Waits until the job has ended, its time limit has passed, or its grace period is over. Returns whether the time limit has passed.</summary>
    private bool WaitForEnd()
    {
        var inTime = WaitUntil(() => _child.HasEnded || _askedToEnd, _command.Timeout);
        if (inTime && !_askedToEnd)
        {
            return false;
        }

        var grace = _command.GracePeriod ?? Supervisor.DefaultGracePeriod;
        if (!inTime)
        {
            _child.AskToEnd(Signals.Terminate);
            _log.Warning(
                "The job has run for {Seconds} s (--timeout): stopping it, and killing it after {Grace} s", _command.Timeout!.Value.TotalSeconds, grace.TotalSeconds);
        }

        _child.EndWithin(
            grace,
            _time,
            CancellationToken.None,
            () => _log.Warning("The job has not ended {Grace} s after it was told to: killing it", grace.TotalSeconds));
        return !inTime;
    }

    /// <summary>Waits until it is so; false when the job has run for the limit before.</summary>
    private bool WaitUntil(Func<bool> condition, TimeSpan? limit = null)
    {
        // One wait of .NET reaches no further than 24 days.
        var longest = TimeSpan.FromDays(1);
        while (!condition())
        {
            var left = limit - _time.GetElapsedTime(_started) ?? longest;
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            _ = _changed.WaitOne(left < longest ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : longest);
        }

        return true;
    }
}

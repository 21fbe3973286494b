using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>Who is told of a child at once, on the thread that saw it and must not be kept.</summary>
/// <param name="Stopped">Called when it was stopped, with the signal that did it.</param>
/// <param name="Ended">Called when it has ended.</param>
internal readonly record struct ChildWatch(Action<int>? Stopped = null, Action? Ended = null);

/// <summary>A child that was started here and is waited for by the <see cref="Reaper"/>.</summary>
internal sealed class ChildProcess
{
    /// <summary>How long killed processes may take to vanish (one in an uninterruptible wait does not).</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan GroupPoll = TimeSpan.FromMilliseconds(10);

    private readonly TaskCompletionSource<ExitStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly ChildWatch _watch;

    public ChildProcess(int id, ChildGroup group, ChildWatch watch) => (Id, Group, _watch) = (id, group, watch);

    public int Id { get; }

    public ChildGroup Group { get; }

    /// <summary>Ends when the child has ended and was reaped.</summary>
    public Task<ExitStatus> Ended => _ended.Task;

    /// <summary>Whether it has ended and was reaped.</summary>
    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>How it ended, once it has.</summary>
    public ExitStatus Status => _ended.Task.GetAwaiter().GetResult();

    /// <summary>Whether it was stopped, and not continued since.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>
    /// Sends a signal to its process group, or to it alone where the group is shared. Nothing happens when nothing is left of it: while
    /// the group has members the kernel does not give its number to another.
    /// </summary>
    public bool Signal(int signal)
    {
        lock (_gate)
        {
            return Group != ChildGroup.Shared
                ? SignalCalls.Send(-Id, signal) == Errno.None
                : !HasEnded && SignalCalls.Send(Id, signal) == Errno.None;
        }
    }

    /// <summary>Sends a signal that asks to end. A stopped process would not hear it, so it is continued.</summary>
    public void AskToEnd(int signal)
    {
        _ = Signal(signal);
        if (IsStopped)
        {
            _ = Signal(Signals.Continue);
        }
    }

    /// <summary>Whether it has not ended yet, or anything else of its own group is left.</summary>
    public bool IsLeft => !HasEnded || (Group != ChildGroup.Shared && Signal(0));

    /// <summary>
    /// The one end of a process group: waits for it and the rest of its own group for so long, then kills what is left, and waits until that
    /// is gone. Blocks the thread, so that it needs no other.
    /// </summary>
    /// <param name="killing">Cancelled when the wait is over at once.</param>
    /// <param name="afterKill">Called when something had to be killed.</param>
    public void EndWithin(TimeSpan grace, TimeProvider time, CancellationToken killing, Action? afterKill = null)
    {
        var start = time.GetTimestamp();
        while (IsLeft && time.GetElapsedTime(start) < grace && !killing.IsCancellationRequested)
        {
            Thread.Sleep(GroupPoll);
        }

        start = time.GetTimestamp();
        for (var first = true; IsLeft && time.GetElapsedTime(start) < KillLimit; first = false)
        {
            _ = Signal(Signals.Kill);
            if (first)
            {
                afterKill?.Invoke();
            }

            Thread.Sleep(GroupPoll);
        }
    }

    /// <summary>Called by the <see cref="Reaper"/> when the child has ended: reaps it by the given action, and lets no signal be sent to its number meanwhile.</summary>
    public void End(ExitStatus status, Action reap)
    {
        lock (_gate)
        {
            reap();
            _ended.TrySetResult(status);
        }

        _watch.Ended?.Invoke();
    }

    /// <summary>Called by the <see cref="Reaper"/> when the child was stopped.</summary>
    public void Stop(int signal)
    {
        IsStopped = true;
        _watch.Stopped?.Invoke(signal);
    }

    /// <summary>Called by the <see cref="Reaper"/> when the child goes on.</summary>
    public void Continue() => IsStopped = false;
}

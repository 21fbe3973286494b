using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>A child that was started here and is waited for by the <see cref="Reaper"/>.</summary>
internal sealed class ChildProcess
{
    /// <summary>How long killed processes may take to vanish (one in an uninterruptible wait does not).</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan GroupPoll = TimeSpan.FromMilliseconds(10);

    private readonly TaskCompletionSource<ExitStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();

    public ChildProcess(int id, ChildGroup group) => (Id, Group) = (id, group);

    public int Id { get; }

    public ChildGroup Group { get; }

    /// <summary>Ends when the child has ended and was reaped.</summary>
    public Task<ExitStatus> Ended => _ended.Task;

    /// <summary>Called when the child was stopped, with the signal that did it.</summary>
    public Action<int>? Stopped { get; init; }

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
            return Group == ChildGroup.Own
                ? SignalCalls.Send(-Id, signal) == Errno.None
                : !_ended.Task.IsCompleted && SignalCalls.Send(Id, signal) == Errno.None;
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
    public bool IsLeft => !_ended.Task.IsCompleted || (Group == ChildGroup.Own && Signal(0));

    /// <summary>Waits for it and the rest of its own group for so long, then kills what is left, and waits until that is gone.</summary>
    /// <param name="killing">Cancelled when the wait is over at once.</param>
    /// <param name="beforeKill">Called when something has to be killed.</param>
    public async Task EndWithinAsync(TimeSpan grace, TimeProvider time, CancellationToken killing, Action? beforeKill = null)
    {
        var start = time.GetTimestamp();
        while (IsLeft && time.GetElapsedTime(start) < grace && !killing.IsCancellationRequested)
        {
            await Task.Delay(GroupPoll, time, CancellationToken.None).ConfigureAwait(false);
        }

        if (IsLeft)
        {
            beforeKill?.Invoke();
        }

        start = time.GetTimestamp();
        while (IsLeft && time.GetElapsedTime(start) < KillLimit)
        {
            _ = Signal(Signals.Kill);
            await Task.Delay(GroupPoll, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>For the <see cref="Reaper"/>: reaps by the given function, with no signal sent in between.</summary>
    public void End(Func<ExitStatus> reap)
    {
        lock (_gate)
        {
            _ended.TrySetResult(reap());
        }
    }

    /// <summary>For the <see cref="Reaper"/>.</summary>
    public void Stop(int signal)
    {
        IsStopped = true;
        Stopped?.Invoke(signal);
    }

    /// <summary>For the <see cref="Reaper"/>.</summary>
    public void Continue() => IsStopped = false;
}

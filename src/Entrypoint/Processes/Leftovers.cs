using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>What is left in the container when the job has ended, as PID 1 finds it: asked to end, and waited for, but not for long.</summary>
internal sealed class Leftovers(Reaper reaper, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends SIGTERM to all that is left, and waits until it is gone, for 5 seconds at most.</summary>
    public async Task EndAsync()
    {
        const int Everyone = -1;
        if (SignalCalls.Send(Everyone, Signals.Terminate) == Errno.None)
        {
            _ = SignalCalls.Send(Everyone, Signals.Continue);
            await Task.WhenAny(reaper.Alone(), _hurry.Task, Task.Delay(Limit, time, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    /// <summary>A signal that asks to end came while waiting: the wait is over.</summary>
    public void Hurry(int signal)
    {
        if (Signals.Ends(signal))
        {
            _hurry.TrySetResult();
        }
    }
}

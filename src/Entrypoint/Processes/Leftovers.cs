using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>What is left in the container when the job has ended, as PID 1 finds it: asked to end, and waited for, but not for long.</summary>
internal sealed class Leftovers(Reaper reaper, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private bool _over;

    /// <summary>Sends SIGTERM to all that is left, and waits until it is gone, for 5 seconds at most. Blocks the thread, so that it needs no other.</summary>
    public void EndAll()
    {
        const int Everyone = -1;
        if (SignalCalls.Send(Everyone, Signals.Terminate) == Errno.None)
        {
            _ = SignalCalls.Send(Everyone, Signals.Continue);
            reaper.WhenAlone(End);
            lock (_gate)
            {
                for (var start = time.GetTimestamp(); !_over && Limit - time.GetElapsedTime(start) is { Ticks: > 0 } left;)
                {
                    _ = Monitor.Wait(_gate, left);
                }
            }
        }
    }

    /// <summary>Ends the wait at once where the signal is one that asks a program to end.</summary>
    public void StopWaiting(int signal)
    {
        if (Signals.Ends(signal))
        {
            End();
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _over = true;
            Monitor.Pulse(_gate);
        }
    }
}

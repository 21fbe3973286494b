using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// Stops this program as well when a terminal's stop signal that it received has stopped its child, so that the shell that started it
/// sees a stopped job. A child that handles the signal, or that somebody else stops, does not stop us. PID 1 cannot be stopped.
/// </summary>
internal sealed class StopMirror
{
    private readonly Lock _gate = new();
    private bool _received;
    private bool _childStopped;

    /// <summary>This program received a signal.</summary>
    public void Received(int signal)
    {
        lock (_gate)
        {
            if (signal == Signals.Continue)
            {
                (_received, _childStopped) = (false, false);
            }
            else if (Signals.StopsOnTerminal(signal))
            {
                _received = true;
                StopWhenBoth();
            }
        }
    }

    /// <summary>A child was stopped by the signal.</summary>
    public void ChildStopped(int signal)
    {
        lock (_gate)
        {
            _childStopped = Signals.StopsOnTerminal(signal);
            StopWhenBoth();
        }
    }

    private void StopWhenBoth()
    {
        if (_received && _childStopped)
        {
            (_received, _childStopped) = (false, false);
            _ = SignalCalls.Send(Environment.ProcessId, Signals.Stop);
        }
    }
}

namespace Entrypoint.Processes;

/// <summary>Whether, and by which signal, the run was asked to stop.</summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _killing = new();
    private int _interrupts;

    /// <summary>Cancelled when the run has been asked to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancelled when it must stop at once.</summary>
    public CancellationToken Killing => _killing.Token;

    /// <summary>The first signal that asked; null as long as none did.</summary>
    public int? Signal { get; private set; }

    /// <summary>Takes down a signal that asks to end: the first asks to stop, a second SIGINT to kill.</summary>
    public void Add(int signal)
    {
        _interrupts += signal == Signals.Interrupt ? 1 : 0;
        if (Signal is null)
        {
            Signal = signal;
            _stopping.Cancel();
        }
        else if (_interrupts >= 2)
        {
            _killing.Cancel();
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _killing.Dispose();
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>A signal that reached this program.</summary>
/// <param name="Number">Its number.</param>
/// <param name="FromTerminal">Whether the kernel sent it, as it does for keys on a terminal: then all of the group have got it.</param>
internal readonly record struct ReceivedSignal(int Number, bool FromTerminal);

/// <summary>Hands every signal that reaches this program to one function, one after another, on a thread of its own.</summary>
internal static class SignalSource
{
    /// <summary>
    /// Begins to listen, to all of <see cref="Signals.Forwarded"/> that the caller did not ignore. Must be called before any thread is
    /// started: the native program reads signals from a descriptor, for which every thread has to block them.
    /// </summary>
    /// <returns>Starts the delivery: what came in the meantime has been kept.</returns>
    public static Action<Action<ReceivedSignal>> Listen()
    {
        var signals = Signals.Forwarded.Without(InheritedSignals.Ignored);
        return RuntimeFeature.IsDynamicCodeSupported ? ListenOnRuntime(signals) : ListenOnDescriptor(signals);
    }

    /// <summary>
    /// The native way: <c>signalfd</c>, which tells who sent the signal. All threads block the signals since before the runtime started
    /// (<c>SignalStart.c</c>); but SIGRTMIN, with which the runtime interrupts threads for a collection, it unblocks in every thread that
    /// it starts: the relay sees to that (<c>SignalRelay.c</c>). In a thread that blocks it the interruption comes a little late, at the
    /// thread's next system call. The collector waits for that.
    /// </summary>
    private static Action<Action<ReceivedSignal>> ListenOnDescriptor(SignalSet signals)
    {
        // SIGCHLD is let in by the Reaper alone, when it has looked at the children that ended.
        SignalCalls.Block(signals.With(SignalSet.Of(Signals.Child)));
        var descriptor = SignalCalls.OpenDescriptor(signals).Value;
        if (signals.Contains(Signals.RealTime))
        {
            _ = SignalCalls.RelaySignal(Signals.RealTime);
        }

        return deliver => WorkThread.Start("Signals", () => Read(descriptor, deliver));
    }

    private static void Read(int descriptor, Action<ReceivedSignal> deliver)
    {
        while (true)
        {
            if (SignalCalls.ReadFrom(descriptor) is not { } received)
            {
                continue;
            }

            var fromRuntime = received.Code == SignalCalls.SignalInformation.FromThread && received.ProcessId == Environment.ProcessId;
            if (!fromRuntime)
            {
                deliver(new ReceivedSignal(received.Signal, received.Code == SignalCalls.SignalInformation.FromKernel));
            }
        }
    }

    /// <summary>
    /// The way under <c>dotnet run</c>, where more threads of the runtime are there before us: its own registration, which does not tell
    /// who sent a signal, so that those of a terminal's keys count as sent by it.
    /// </summary>
    private static Action<Action<ReceivedSignal>> ListenOnRuntime(SignalSet signals)
    {
        var received = new System.Collections.Concurrent.BlockingCollection<ReceivedSignal>();
        foreach (var signal in signals.Numbers.Where(signal => signal <= Signals.WindowChange))
        {
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
            {
                context.Cancel = true;
                received.Add(new ReceivedSignal(signal, signal is Signals.Interrupt or Signals.Quit || Signals.StopsOnTerminal(signal)));
            }));
        }

        return deliver => WorkThread.Start("Signals", () =>
        {
            foreach (var signal in received.GetConsumingEnumerable())
            {
                deliver(signal);
            }
        });
    }

    private static readonly List<PosixSignalRegistration> _registrations = [];
}

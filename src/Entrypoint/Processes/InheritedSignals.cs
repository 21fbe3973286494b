using System.Collections.Immutable;

namespace Entrypoint.Processes;

/// <summary>
/// What the caller ignored (<c>nohup</c>, a background job of a simple shell) stays ignored, here and in every child. Must be read
/// before anything else, and SIGPIPE cannot be told: the .NET runtime ignores it before any of our code runs, so children get its default.
/// </summary>
internal static unsafe class InheritedSignals
{
    /// <summary>The signals that the caller ignored.</summary>
    public static ImmutableHashSet<int> Ignored { get; private set; } = [];

    /// <summary>Reads the dispositions, and makes sure that the status of children is kept for us: an ignored SIGCHLD would discard it.</summary>
    public static void Capture()
    {
        var disposition = default(Native.SignalDisposition);
        var ignored = ImmutableHashSet.CreateBuilder<int>();
        foreach (var signal in Enumerable.Range(1, Signals.Last).Except([Signals.Pipe, Signals.Child]))
        {
            if (Native.SignalAction(signal, null, &disposition) == 0 && disposition.Handler == Native.SignalDisposition.Ignore)
            {
                ignored.Add(signal);
            }
        }

        Ignored = ignored.ToImmutable();
        if (Native.SignalAction(Signals.Child, null, &disposition) == 0 && disposition.Handler == Native.SignalDisposition.Ignore)
        {
            disposition = default;
            _ = Native.SignalAction(Signals.Child, &disposition, null);
        }
    }
}

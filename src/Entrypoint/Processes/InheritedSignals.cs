using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// What the caller ignored (<c>nohup</c>, a background job of a simple shell) stays ignored, here and in every child. Must be read
/// before anything else.
/// </summary>
internal static class InheritedSignals
{
    /// <summary>The signals that the caller ignored.</summary>
    public static ImmutableHashSet<int> Ignored { get; private set; } = [];

    /// <summary>
    /// Reads the dispositions, and makes sure that the status of children is kept for us: an ignored SIGCHLD would discard it. (It is
    /// the one that is not passed on: programs that wait for their children do not expect it.)
    /// </summary>
    public static void Capture()
    {
        Ignored = [.. Enumerable.Range(1, Signals.Last).Where(WasIgnored).Except([Signals.Child])];
        if (SignalCalls.IsIgnored(Signals.Child))
        {
            SignalCalls.ResetDisposition(Signals.Child);
        }
    }

    /// <summary>
    /// In the native program: as it was before the runtime started, which itself ignores SIGPIPE. Under <c>dotnet run</c> that one cannot
    /// be told.
    /// </summary>
    private static bool WasIgnored(int signal) => RuntimeFeature.IsDynamicCodeSupported
        ? signal != Signals.Pipe && SignalCalls.IsIgnored(signal)
        : (SignalCalls.IgnoredSignals() & (1UL << (signal - 1))) != 0;
}

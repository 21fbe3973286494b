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
    public static SignalSet Ignored { get; private set; }

    /// <summary>
    /// Reads the dispositions, and makes sure that the status of children is kept for us: an ignored SIGCHLD would discard it. (It is
    /// the one that is not passed on: programs that wait for their children do not expect it.)
    /// </summary>
    public static void Capture()
    {
        Ignored = FromCaller().Without(SignalSet.Of(Signals.Child));
        if (SignalCalls.IsIgnored(Signals.Child))
        {
            SignalCalls.ResetDisposition(Signals.Child);
        }
    }

    /// <summary>
    /// In the native program: as it was before the runtime started, which itself ignores SIGPIPE. Under <c>dotnet run</c> that one cannot
    /// be told.
    /// </summary>
    private static SignalSet FromCaller() => RuntimeFeature.IsDynamicCodeSupported
        ? SignalSet.Of([.. SignalSet.All.Without(SignalSet.Of(Signals.Pipe)).Numbers.Where(SignalCalls.IsIgnored)])
        : SignalCalls.IgnoredSignals();
}

using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>Sending and receiving signals.</summary>
internal static unsafe partial class SignalCalls
{
    private const int AddToMask = 0;
    private const int RemoveFromMask = 1;
    private const int SetMask = 2;
    private const int CloseOnExecute = 0x80000;

    /// <summary>Sends a signal: to a process, to the group of a negative number, or with -1 to everyone; 0 only asks whether it is there.</summary>
    public static Errno Send(int processId, int signal) => CallResult.ErrorOf(Kill(processId, signal));

    /// <summary>Whether this process ignores the signal.</summary>
    public static bool IsIgnored(int signal)
    {
        var disposition = default(SignalDisposition);
        return Act(signal, null, &disposition) == 0 && disposition.Handler == SignalDisposition.Ignore;
    }

    /// <summary>Gives a signal its usual effect back.</summary>
    public static void ResetDisposition(int signal)
    {
        var usual = default(SignalDisposition);
        _ = Act(signal, &usual, null);
    }

    /// <summary>Blocks these signals, and no others, in the calling thread.</summary>
    public static void Block(SignalSet signals) => _ = ThreadMask(SetMask, &signals, null);

    /// <summary>Lets SIGCHLD in to the calling thread, once: it blocks it before and after.</summary>
    public static void RaiseChild()
    {
        const int Child = 17;
        var signals = SignalSet.Of(Child);
        _ = ThreadMask(RemoveFromMask, &signals, null);
        _ = Raise(Child);
        _ = ThreadMask(AddToMask, &signals, null);
    }

    /// <summary>A descriptor that these signals, blocked before, can be read from; children do not inherit it.</summary>
    public static CallResult<int> OpenDescriptor(SignalSet signals) => CallResult.Of(SignalDescriptor(-1, &signals, CloseOnExecute));

    /// <summary>Waits for the next signal on a descriptor; null where it was interrupted.</summary>
    public static SignalInformation? ReadFrom(int descriptor)
    {
        var information = default(SignalInformation);
        var read = FileCalls.Read(descriptor, new Span<byte>(&information, sizeof(SignalInformation)));
        return read is { Succeeded: true } && read.Value == sizeof(SignalInformation) ? information : null;
    }

    /// <summary>Of <c>SignalRelay.c</c>, which only the native program has.</summary>
    [LibraryImport("SignalRelay", EntryPoint = "entrypoint_relay_signal")]
    public static partial int RelaySignal(int signal);

    /// <summary>Of <c>SignalStart.c</c>, which only the native program has: what the caller ignored.</summary>
    public static SignalSet IgnoredSignals() => new(IgnoredBits());

    [LibraryImport("SignalStart", EntryPoint = "entrypoint_ignored_signals")]
    private static partial ulong IgnoredBits();

    [LibraryImport(CallResult.Library, EntryPoint = "raise")]
    private static partial int Raise(int signal);

    [LibraryImport(CallResult.Library, EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport(CallResult.Library, EntryPoint = "sigaction", SetLastError = true)]
    private static partial int Act(int signal, SignalDisposition* action, SignalDisposition* previous);

    [LibraryImport(CallResult.Library, EntryPoint = "pthread_sigmask")]
    private static partial int ThreadMask(int how, SignalSet* set, SignalSet* previous);

    [LibraryImport(CallResult.Library, EntryPoint = "signalfd", SetLastError = true)]
    private static partial int SignalDescriptor(int descriptor, SignalSet* set, int flags);

    /// <summary><c>struct signalfd_siginfo</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct SignalInformation
    {
        /// <summary><see cref="Code"/> of a signal that the kernel sent, as it does for keys on a terminal.</summary>
        public const int FromKernel = 0x80;

        /// <summary><see cref="Code"/> of a signal that one thread sent to another of the same process.</summary>
        public const int FromThread = -6;

        [FieldOffset(0)]
        public int Signal;

        [FieldOffset(8)]
        public int Code;

        [FieldOffset(12)]
        public int ProcessId;
    }

    /// <summary><c>struct sigaction</c>, of which only the handler is looked at.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct SignalDisposition
    {
        /// <summary><c>SIG_IGN</c>.</summary>
        public const nint Ignore = 1;

        [FieldOffset(0)]
        public nint Handler;
    }
}

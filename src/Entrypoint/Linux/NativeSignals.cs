using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>Signals, waiting, and being the one who adopts orphans.</summary>
internal static unsafe partial class Native
{
    public const int WaitAll = 0;
    public const int WaitProcess = 1;
    public const int WaitNoHang = 1;
    public const int WaitStopped = 2;
    public const int WaitExited = 4;
    public const int WaitContinued = 8;
    public const int WaitLeave = 0x01000000;

    /// <summary><c>si_code</c> of a child that was stopped.</summary>
    public const int ChildStopped = 5;

    /// <summary><c>si_code</c> of a child that goes on.</summary>
    public const int ChildContinued = 6;

    /// <summary><c>si_code</c> of a signal that the kernel sent, as it does for keys on a terminal.</summary>
    public const int FromKernel = 0x80;

    /// <summary><c>si_code</c> of a signal that one thread sent to another of the same process.</summary>
    public const int FromThread = -6;

    private const int BecomeSubreaper = 36;

    /// <summary>Lets orphaned descendants become this process's children, as they do for PID 1.</summary>
    public static void AdoptOrphans() => _ = Control(BecomeSubreaper, 1, 0, 0, 0);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int kind, int id, ChildInformation* information, int options);

    [LibraryImport(Library, EntryPoint = "wait4", SetLastError = true)]
    public static partial int Wait4(int processId, int* status, int options, ResourceUsage* usage);

    [LibraryImport(Library, EntryPoint = "sigaction", SetLastError = true)]
    public static partial int SignalAction(int signal, SignalDisposition* action, SignalDisposition* previous);

    [LibraryImport(Library, EntryPoint = "pthread_sigmask")]
    public static partial int ThreadSignalMask(int how, SignalSet* set, SignalSet* previous);

    [LibraryImport(Library, EntryPoint = "signalfd", SetLastError = true)]
    public static partial int SignalDescriptor(int descriptor, SignalSet* set, int flags);

    /// <summary>Of <c>SignalRelay.c</c>, which only the native program has.</summary>
    [LibraryImport("SignalRelay", EntryPoint = "entrypoint_relay_signal")]
    public static partial int RelaySignal(int signal);

    /// <summary>Of <c>SignalStart.c</c>: what the caller ignored, bit N-1 for signal N.</summary>
    [LibraryImport("SignalStart", EntryPoint = "entrypoint_ignored_signals")]
    public static partial ulong IgnoredSignals();

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    /// <summary><c>sigset_t</c>: 1024 bits in glibc and musl, of which 64 count.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    public struct SignalSet
    {
        private ulong _bits;

        /// <summary>The set of the given signals.</summary>
        public static SignalSet Of(IEnumerable<int> signals)
        {
            var set = default(SignalSet);
            foreach (var signal in signals)
            {
                set._bits |= 1UL << (signal - 1);
            }

            return set;
        }
    }

    /// <summary>The beginning of <c>siginfo_t</c> as <c>waitid</c> fills it in.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct ChildInformation
    {
        [FieldOffset(8)]
        public int Code;

        [FieldOffset(16)]
        public int ProcessId;

        [FieldOffset(24)]
        public int Status;
    }

    /// <summary><c>struct rusage</c>: two times, then fourteen numbers, of which the first is the largest resident set in KiB.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    public struct ResourceUsage
    {
        [FieldOffset(32)]
        public long MaxRssKibibytes;
    }

    /// <summary><c>struct sigaction</c>, of which only the handler is looked at.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct SignalDisposition
    {
        /// <summary><c>SIG_IGN</c>.</summary>
        public const nint Ignore = 1;

        [FieldOffset(0)]
        public nint Handler;
    }

    /// <summary><c>struct signalfd_siginfo</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct SignalInformation
    {
        [FieldOffset(0)]
        public int Signal;

        [FieldOffset(8)]
        public int Code;

        [FieldOffset(12)]
        public int ProcessId;
    }
}

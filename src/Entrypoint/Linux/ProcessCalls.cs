using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>Processes: who they are, waiting for them, and being the one who adopts orphans.</summary>
internal static unsafe partial class ProcessCalls
{
    /// <summary>The name of this machine, for people; a question mark where it is not told.</summary>
    public static string HostName()
    {
        try
        {
            return Environment.MachineName;
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }

    public const int WaitStopped = 2;
    public const int WaitExited = 4;
    public const int WaitContinued = 8;
    private const int WaitAll = 0;
    private const int WaitProcess = 1;
    private const int WaitNoHang = 1;
    private const int WaitLeave = 0x01000000;
    private const int BecomeSubreaper = 36;
    private const int LargestAffinity = 1 << 16;

    /// <summary>Lets orphaned descendants become this process's children, as they do for PID 1.</summary>
    public static void AdoptOrphans() => _ = Control(BecomeSubreaper, 1, 0, 0, 0);

    [LibraryImport(CallResult.Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>The process group of this process.</summary>
    [LibraryImport(CallResult.Library, EntryPoint = "getpgrp")]
    public static partial int Group();

    /// <summary>The session of this process.</summary>
    public static int Session() => GetSession(0);

    /// <summary>Makes a process group of this process.</summary>
    public static Errno MakeGroup() => CallResult.ErrorOf(SetGroup(0, 0));

    /// <summary>Waits for a change of any child, and leaves it there to be taken; <see cref="Errno.ECHILD"/> where there is no child.</summary>
    public static CallResult<ChildChange> WaitForChange()
    {
        var change = default(ChildChange);
        var error = CallResult.ErrorOf(WaitId(WaitAll, 0, &change, WaitExited | WaitStopped | WaitContinued | WaitLeave));
        return new CallResult<ChildChange>(change, error);
    }

    /// <summary>Whether children could be waited for, if there were any.</summary>
    public static Errno TryWait()
    {
        var change = default(ChildChange);
        var error = CallResult.ErrorOf(WaitId(WaitAll, 0, &change, WaitExited | WaitNoHang | WaitLeave));
        return error == Errno.ECHILD ? Errno.None : error;
    }

    /// <summary>Takes the change of a child that was stopped or goes on, so that it is not told again.</summary>
    /// <param name="kind"><see cref="WaitStopped"/> or <see cref="WaitContinued"/>.</param>
    public static void TakeChange(int processId, int kind)
    {
        var change = default(ChildChange);
        _ = WaitId(WaitProcess, processId, &change, kind | WaitNoHang);
    }

    /// <summary>How a child has ended, and the largest resident set in KiB; null as long as it has not. Leaves it there to be reaped.</summary>
    public static (ChildChange Change, long MaxRssKibibytes)? LookAtEnd(int processId)
    {
        // The C library's function has no usage, and wait4 leaves nothing.
        var change = default(ChildChange);
        var usage = default(ResourceUsage);
        const int Options = WaitExited | WaitNoHang | WaitLeave;
        return SystemCall(Architecture.CallWaitId, WaitProcess, processId, (nint)(&change), Options, (nint)(&usage)) == 0 && change.ProcessId == processId
            ? (change, usage.MaxRssKibibytes)
            : null;
    }

    /// <summary>Reaps a child that has ended.</summary>
    public static void Reap(int processId)
    {
        var change = default(ChildChange);
        _ = WaitId(WaitProcess, processId, &change, WaitExited | WaitNoHang);
    }

    /// <summary>Of <c>ThreadStart.c</c>, which only the native program has: that a thread cannot be made no longer ends the program.</summary>
    [LibraryImport("ThreadStart", EntryPoint = "entrypoint_job_runs")]
    public static partial void JobRuns();

    /// <summary>Of <c>ChildStart.c</c>: not 0 where this program's file is held open, so that a second process of it may be started by any name.</summary>
    [LibraryImport("ChildStart", EntryPoint = "entrypoint_holds_self")]
    public static partial int HoldsSelf();

    /// <summary>How many CPUs the scheduler may put this process on; null where the kernel does not say.</summary>
    public static int? Affinity()
    {
        // The kernel refuses a mask that is too small for the machine.
        for (var length = 128; length <= LargestAffinity; length *= 2)
        {
            var mask = new byte[length];
            fixed (byte* first = mask)
            {
                if (GetAffinity(0, (nuint)length, first) == 0)
                {
                    return mask.Sum(bits => int.PopCount(bits));
                }
            }
        }

        return null;
    }

    [LibraryImport(CallResult.Library, EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, int id, ChildChange* change, int options);

    [LibraryImport(CallResult.Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint argument1, nint argument2, nint argument3, nint argument4, nint argument5);

    [LibraryImport(CallResult.Library, EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport(CallResult.Library, EntryPoint = "getsid", SetLastError = true)]
    private static partial int GetSession(int processId);

    [LibraryImport(CallResult.Library, EntryPoint = "setpgid", SetLastError = true)]
    private static partial int SetGroup(int processId, int group);

    [LibraryImport(CallResult.Library, EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int processId, nuint length, byte* mask);

    /// <summary>The beginning of <c>siginfo_t</c> as <c>waitid</c> fills it in.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct ChildChange
    {
        /// <summary><see cref="Code"/> of a child that ended by itself, and not by a signal.</summary>
        public const int Exited = 1;

        /// <summary><see cref="Code"/> of a child that was stopped.</summary>
        public const int Stopped = 5;

        /// <summary><see cref="Code"/> of a child that goes on.</summary>
        public const int Continued = 6;

        [FieldOffset(8)]
        public int Code;

        [FieldOffset(16)]
        public int ProcessId;

        [FieldOffset(24)]
        public int Status;
    }

    /// <summary><c>struct rusage</c>: two times, then fourteen numbers, of which the first is the largest resident set in KiB.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct ResourceUsage
    {
        [FieldOffset(32)]
        public long MaxRssKibibytes;
    }
}

using System.Runtime.CompilerServices;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// Gives back what fetching and preparing needed before the long wait for the job, of which a container's memory limit should have nothing
/// to bear: garbage, free heap, and the pages of this program's file that were looked at (the kernel brings back what is needed again).
/// </summary>
internal static class ResidentMemory
{
    /// <summary>Enough for what is done once the job runs: its end, the report, the last lines.</summary>
    private const int Reserve = 1024 * 1024;

    private const int StackReserve = 128 * 1024;

    /// <summary>
    /// Collects the garbage, and has the memory by now that the rest of the run needs, heap and stack: the job may leave none. Nothing of it is
    /// resident until it is used.
    /// </summary>
    public static void KeepReserve()
    {
        try
        {
            _ = GC.TryStartNoGCRegion(Reserve);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OutOfMemoryException)
        {
            // The job was faster.
        }

        GrowStack();
    }

    /// <summary>Gives the rest back. Needs no memory for it, and no descriptor.</summary>
    public static void GiveBack()
    {
        MemoryCalls.TrimHeap();
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            // Under dotnet run the runtime has written into its own text, which must stay as it is.
            MemoryCalls.DropFilePages();
        }
    }

    /// <summary>
    /// Forgets how much was resident at most. A child starts with its parent's peak (<c>posix_spawn</c> shares the memory until the
    /// program starts), and what is reported as the job's should not be that of fetching.
    /// </summary>
    public static void ForgetPeak()
    {
        const string Peak = "5";
        try
        {
            File.WriteAllText("/proc/self/clear_refs", Peak);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without a writable /proc the job's peak is at least ours.
        }
    }

    /// <summary>The stack of a program's first thread grows with its use; this is the use.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static unsafe void GrowStack()
    {
        var deepest = stackalloc byte[StackReserve];
        Volatile.Write(ref *deepest, 0);
    }
}

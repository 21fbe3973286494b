using System.Globalization;
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

    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        MemoryCalls.TrimHeap();
        try
        {
            DropFilePages(File.ReadLines("/proc/self/smaps"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            // Without /proc they stay, and where the job has taken the last descriptor or all memory already.
        }
    }

    /// <summary>
    /// Has the memory by now that the rest of the run needs, heap and stack: the job may leave none. Nothing of it is resident until it is used.
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

    /// <summary>Drops the pages of files that are mapped for reading and of which this process has no copies of its own to lose.</summary>
    private static void DropFilePages(IEnumerable<string> lines)
    {
        (nint Start, nint End)? mapping = null;
        foreach (var line in lines)
        {
            if (line.Length > 0 && char.IsAsciiHexDigitLower(line[0]))
            {
                mapping = Readable(line);
            }
            else if (mapping is var (start, end) && line.StartsWith("Anonymous:", StringComparison.Ordinal) && line.EndsWith(" 0 kB", StringComparison.Ordinal))
            {
                MemoryCalls.DropPages(start, end - start);
            }
        }
    }

    /// <summary>The range of a mapping such as <c>55d0c000-55d1c000 r-xp 00001000 fe:00 1234 /usr/bin/entrypoint</c>; null for others.</summary>
    private static (nint Start, nint End)? Readable(string line)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var range, "r-xp" or "r--p", _, _, not "0", ..])
        {
            return null;
        }

        var separator = range.IndexOf('-', StringComparison.Ordinal);
        return (nint.Parse(range.AsSpan(0, separator), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            nint.Parse(range.AsSpan(separator + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Linux;

/// <summary>Memory that is given back, and files in memory.</summary>
internal static partial class MemoryCalls
{
    private const int DoNotNeed = 4;
    private const nint CloseOnExecute = 1;

    /// <summary>Drops the pages of a mapping; they come back from its file.</summary>
    public static void DropPages(nint start, nint length) => _ = Advise(start, length, DoNotNeed);

    /// <summary>Gives the C library's free heap back, where that library is glibc.</summary>
    public static unsafe void TrimHeap()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out var trim))
        {
            _ = ((delegate* unmanaged<nuint, int>)trim)(0);
        }
    }

    /// <summary>
    /// Makes a file in memory alone, which no folder holds, which nothing keeps from being run, and which no child inherits; null where the system has
    /// none (Linux before 3.17, or a filter that refuses it).
    /// </summary>
    /// <param name="name">What <c>/proc</c> shows.</param>
    public static SafeFileHandle? CreateFile(string name)
    {
        var descriptor = KernelCall(Architecture.CallMemoryFile, name, CloseOnExecute);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport(CallResult.Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint KernelCall(nint number, string name, nint flags);

    [LibraryImport(CallResult.Library, EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(nint start, nint length, int advice);
}

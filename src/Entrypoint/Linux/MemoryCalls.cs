using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>Memory that is given back.</summary>
internal static partial class MemoryCalls
{
    private const int DoNotNeed = 4;

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

    [LibraryImport(CallResult.Library, EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(nint start, nint length, int advice);
}

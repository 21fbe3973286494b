using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Linux;

/// <summary>Memory that is given back, and files in memory.</summary>
internal static partial class MemoryCalls
{
    private const int DoNotNeed = 4;
    private const nint CloseOnExecute = 1;

    /// <summary>Drops the pages of the program's and its libraries' files that nothing is ever written to; they come back from the file.</summary>
    public static unsafe void DropFilePages() => _ = ForEachObject(&DropPagesOf, 0);

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

    [UnmanagedCallersOnly]
    private static unsafe int DropPagesOf(LoadedObject* loaded, nuint size, nint context)
    {
        var page = (nuint)Environment.SystemPageSize;
        foreach (var segment in new ReadOnlySpan<Segment>(loaded->Segments, loaded->Count))
        {
            if (segment is { Type: Segment.Loaded } && (segment.Flags & Segment.Writable) == 0)
            {
                var start = (loaded->Base + (nuint)segment.Address) & ~(page - 1);
                _ = Advise(start, loaded->Base + (nuint)(segment.Address + segment.MemorySize) - start, DoNotNeed);
            }
        }

        return 0;
    }

    [LibraryImport(CallResult.Library, EntryPoint = "madvise")]
    private static partial int Advise(nuint start, nuint length, int advice);

    [LibraryImport(CallResult.Library, EntryPoint = "dl_iterate_phdr")]
    private static unsafe partial int ForEachObject(delegate* unmanaged<LoadedObject*, nuint, nint, int> visit, nint context);

    /// <summary><c>struct dl_phdr_info</c>, its first fields.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct LoadedObject
    {
        public nuint Base;
        public byte* Name;
        public Segment* Segments;
        public ushort Count;
    }

    /// <summary><c>Elf64_Phdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Segment
    {
        /// <summary><see cref="Type"/> of what is mapped (<c>PT_LOAD</c>).</summary>
        public const uint Loaded = 1;

        /// <summary>In <see cref="Flags"/> (<c>PF_W</c>).</summary>
        public const uint Writable = 2;

        public uint Type;
        public uint Flags;
        public ulong Offset;
        public ulong Address;
        public ulong PhysicalAddress;
        public ulong FileSize;
        public ulong MemorySize;
        public ulong Alignment;
    }
}

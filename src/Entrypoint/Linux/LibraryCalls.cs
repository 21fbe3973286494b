using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>Shared libraries.</summary>
internal static partial class LibraryCalls
{
    private const int Now = 2;

    /// <summary>Loads a library for as long as this process runs; returns why it cannot be, in the loader's words, or null.</summary>
    public static unsafe string? Load(string name) =>
        Open(CallResult.Bytes(name), Now) != 0 ? null
        : Error() is var text && text != null ? OsText.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text))
        : $"{name} cannot be loaded";

    [LibraryImport(CallResult.Library, EntryPoint = "dlopen")]
    private static partial nint Open(byte[] name, int flags);

    [LibraryImport(CallResult.Library, EntryPoint = "dlerror")]
    private static unsafe partial byte* Error();
}

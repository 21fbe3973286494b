using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Linux;

/// <summary>The calls that copy what is in a file without reading it, where the file system can.</summary>
internal static unsafe partial class FileCalls
{
    private const nuint CloneRange = 0x40049409; // FICLONE: both files share their blocks until one is written to
    private const long MostAtOnce = 1L << 30;

    /// <summary>Makes a file that is not there yet, and opens it for writing.</summary>
    public static CallResult<SafeFileHandle> CreateFile(string path, int permissions) =>
        Handle(Open(CurrentFolder, path, OpenWriteOnly | OpenCreate | OpenExclusive | Architecture.OpenNoFollow, permissions));

    /// <summary>Makes a folder.</summary>
    public static Errno MakeFolder(string path, int permissions) => MakeFolder(CurrentFolder, path, permissions);

    /// <summary>Makes a symbolic link.</summary>
    public static Errno SymbolicLink(string target, string path) => SymbolicLink(target, CurrentFolder, path);

    /// <summary>Lets a new file share the blocks of another one (Btrfs, XFS, overlays on them); fails where that cannot be.</summary>
    public static Errno Clone(SafeFileHandle source, SafeFileHandle target) =>
        CallResult.ErrorOf(DeviceControl((int)target.DangerousGetHandle(), CloneRange, (int*)source.DangerousGetHandle()));

    /// <summary>
    /// Copies on from where both files are, within the kernel; how many bytes that were, 0 at the end. Fails where the kernel or the file
    /// systems cannot.
    /// </summary>
    public static CallResult<int> CopyRange(SafeFileHandle source, SafeFileHandle target) => CallResult.Of((nint)KernelCall(
        Architecture.CallCopyRange, source.DangerousGetHandle(), 0, target.DangerousGetHandle(), 0, (nint)MostAtOnce, 0));

    [LibraryImport(CallResult.Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint KernelCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Linux;

/// <summary>File calls: rights, links and locks.</summary>
internal static unsafe partial class Native
{
    private const int WriteAccess = 2;
    private const int ExclusiveLock = 2;
    private const int WithoutWaiting = 4;
    private const int ReadWrite = 2;
    private const int ReadOnly = 0;
    private const int Create = 0x40;
    private const int CloseOnExecute = 0x80000;
    private const int LockFileMode = 0b110_100_100;
    private const int LongestPath = 4096;

    // struct statx, the same on all architectures.
    private const int StatusSize = 256;
    private const int StatusMode = 28;
    private const int StatusNumber = 32;
    private const int StatusDevice = 136;
    private const uint StatusOfType = 1;
    private const uint StatusOfNumber = 0x100;
    private const int StatusOfDescriptor = 0x1000;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Whether this process may write to the file, or make files in the folder.</summary>
    public static bool MayWrite(string path) => FileAccess(CurrentDirectory, path, WriteAccess, EffectiveIds) == 0;

    /// <summary>Whether it is there and a regular file, and not a folder, a pipe or a device. Links are followed.</summary>
    public static bool IsRegularFile(string path)
    {
        var status = stackalloc byte[StatusSize];
        return Status(CurrentDirectory, path, 0, StatusOfType, status) == 0 && (*(ushort*)(status + StatusMode) & TypeMask) == RegularFile;
    }

    /// <summary>Whether the path leads to the open file, and not to one that has taken its place.</summary>
    public static bool IsStillAt(SafeFileHandle file, string path)
    {
        var opened = stackalloc byte[StatusSize];
        var named = stackalloc byte[StatusSize];
        return Status((int)file.DangerousGetHandle(), "", StatusOfDescriptor, StatusOfNumber, opened) == 0
            && Status(CurrentDirectory, path, 0, StatusOfNumber, named) == 0
            && *(ulong*)(opened + StatusNumber) == *(ulong*)(named + StatusNumber)
            && *(ulong*)(opened + StatusDevice) == *(ulong*)(named + StatusDevice);
    }

    /// <summary>The path with all links resolved; null where something on the way is not there.</summary>
    public static string? RealPath(string path)
    {
        var buffer = stackalloc byte[LongestPath];
        return RealPath(path, buffer) == null ? null : OsText.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer));
    }

    /// <summary>Opens a lock file for reading and writing, made where it is not there (.NET would take a lock of its own); null where it cannot.</summary>
    public static SafeFileHandle? OpenLockFile(string path) => Handle(Open(path, ReadWrite | Create | CloseOnExecute, LockFileMode));

    /// <summary>Opens a file or folder that is there for its lock alone, without changing it; null where it cannot.</summary>
    public static SafeFileHandle? OpenForLock(string path) => Handle(Open(path, ReadOnly | CloseOnExecute, 0));

    /// <summary>
    /// Takes the exclusive <c>flock</c> of an open file, without waiting. The kernel gives it back when the file is closed, so also when
    /// the holder dies.
    /// </summary>
    public static bool TryLock(SafeFileHandle file) => Lock(file, ExclusiveLock | WithoutWaiting) == 0;

    private static SafeFileHandle? Handle(int descriptor) => descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* RealPath(string path, byte* resolved);
}

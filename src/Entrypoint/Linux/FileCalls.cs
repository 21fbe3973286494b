using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Linux;

/// <summary>
/// The calls on files and folders. Names are bytes (<see cref="OsText"/>), so that one that is not UTF-8 stays what it is, which .NET's
/// file classes cannot do.
/// </summary>
internal static unsafe partial class FileCalls
{
    private const int CurrentFolder = -100;
    private const int LongestPath = 4096;

    // Of faccessat(2).
    private const int ExecuteAccess = 1;
    private const int WriteAccess = 2;
    private const int EffectiveIds = 0x200;

    // Of open(2).
    private const int OpenReadOnly = 0;
    private const int OpenWriteOnly = 1;
    private const int OpenReadWrite = 2;
    private const int OpenCreate = 0x40;
    private const int OpenExclusive = 0x80;
    private const int OpenNoControllingTerminal = 0x100;
    private const int OpenCloseOnExecute = 0x80000;
    private const int OpenWithoutWaiting = 0x800;
    private const int UsualFileMode = 0b110_110_110;

    // Of newfstatat(2).
    private const int DoNotFollow = 0x100;
    private const int OfDescriptor = 0x1000;

    /// <summary>The folder that this process is in.</summary>
    public static CallResult<string> CurrentDirectory()
    {
        var buffer = stackalloc byte[LongestPath];
        return GetCurrentDirectory(buffer, LongestPath) == null
            ? new CallResult<string>("", CallResult.ErrorOf(-1))
            : new CallResult<string>(Text(buffer), Errno.None);
    }

    /// <summary>Whether something is at the path, links followed, and can be looked at.</summary>
    public static Errno Reach(string path) => Access(path, 0);

    /// <summary>Whether this process may execute the file, or enter the folder.</summary>
    public static bool MayExecute(string path) => Access(path, ExecuteAccess) == Errno.None;

    /// <summary>Whether this process may write to the file, or make files in the folder.</summary>
    public static bool MayWrite(string path) => Access(path, WriteAccess) == Errno.None;

    /// <summary>What is at the path, links followed.</summary>
    public static CallResult<FileStatus> Status(string path) => Status(CurrentFolder, path, 0);

    /// <summary>What is at the path; of a link, the link itself.</summary>
    public static CallResult<FileStatus> StatusOfLink(string path) => Status(CurrentFolder, path, DoNotFollow);

    /// <summary>What is open.</summary>
    public static CallResult<FileStatus> Status(SafeFileHandle file) => Status((int)file.DangerousGetHandle(), "", OfDescriptor);

    /// <summary>Whether it is there and a regular file, and not a folder, a pipe or a device. Links are followed.</summary>
    public static bool IsRegularFile(string path) => Status(path) is { Succeeded: true, Value.Kind: FileKind.File };

    /// <summary>Whether the path leads to the open file, and not to one that has taken its place.</summary>
    public static bool IsStillAt(SafeFileHandle file, string path) =>
        Status(file) is { Succeeded: true } opened && Status(path) is { Succeeded: true } named && opened.Value.Identity == named.Value.Identity;

    /// <summary>The path with all links resolved; null where something on the way is not there.</summary>
    public static string? RealPath(string path)
    {
        var buffer = stackalloc byte[LongestPath];
        return RealPath(CallResult.Bytes(path), buffer) == null ? null : Text(buffer);
    }

    /// <summary>Where a link leads; <see cref="Errno.EINVAL"/> where the path is no link.</summary>
    public static CallResult<string> ReadLink(string path)
    {
        var buffer = stackalloc byte[LongestPath];
        var length = CallResult.Of(ReadLink(CallResult.Bytes(path), buffer, LongestPath));
        return new CallResult<string>(length.Succeeded ? OsText.Decode(new ReadOnlySpan<byte>(buffer, length.Value)) : "", length.Error);
    }

    /// <summary>Opens a file for reading; also a folder, which can then be read with <see cref="ReadFolder"/> or locked.</summary>
    public static CallResult<SafeFileHandle> OpenToRead(string path) => Handle(Open(CurrentFolder, path, OpenReadOnly, 0));

    /// <summary>Makes a file that is not there yet, and opens it for writing; the umask decides who may read it.</summary>
    public static CallResult<SafeFileHandle> CreateFile(string path) =>
        Handle(Open(CurrentFolder, path, OpenWriteOnly | OpenCreate | OpenExclusive, UsualFileMode));

    public static Errno Unlink(string path) => Unlink(CurrentFolder, path);

    /// <summary>Opens a device for reading and writing; a terminal does not become the controlling one by that.</summary>
    public static CallResult<int> OpenDevice(string path) => Open(CurrentFolder, path, OpenReadWrite | OpenNoControllingTerminal, 0);

    private static Errno Access(string path, int mode)
    {
        var name = CallResult.Bytes(path);
        var error = CallResult.ErrorOf(Access(CurrentFolder, name, mode, EffectiveIds));

        // Newer C libraries use a newer call for the flag, which older container engines refuse.
        return error is Errno.EPERM or Errno.ENOSYS ? CallResult.ErrorOf(Access(CurrentFolder, name, mode, 0)) : error;
    }

    private static CallResult<FileStatus> Status(int folder, string path, int flags)
    {
        var status = stackalloc byte[FileStatus.StructureSize];
        fixed (byte* name = CallResult.Bytes(path))
        {
            var error = CallResult.ErrorOf(KernelCall(Architecture.CallStatus, folder, (nint)name, (nint)status, flags));
            return new CallResult<FileStatus>(error == Errno.None ? FileStatus.Read(status) : default, error);
        }
    }

    private static CallResult<int> Open(int folder, string name, int flags, int mode) =>
        CallResult.Of(Open(folder, CallResult.Bytes(name), flags | OpenCloseOnExecute, mode));

    private static CallResult<SafeFileHandle> Handle(CallResult<int> opened) => new(new SafeFileHandle(opened.Value, ownsHandle: true), opened.Error);

    private static string Text(byte* text) => OsText.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    [LibraryImport(CallResult.Library, EntryPoint = "getcwd", SetLastError = true)]
    private static partial byte* GetCurrentDirectory(byte* buffer, nint length);

    [LibraryImport(CallResult.Library, EntryPoint = "faccessat", SetLastError = true)]
    private static partial int Access(int folder, byte[] path, int mode, int flags);

    [LibraryImport(CallResult.Library, EntryPoint = "openat", SetLastError = true)]
    private static partial int Open(int folder, byte[] name, int flags, int mode);

    [LibraryImport(CallResult.Library, EntryPoint = "realpath", SetLastError = true)]
    private static partial byte* RealPath(byte[] path, byte* resolved);

    [LibraryImport(CallResult.Library, EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLink(byte[] path, byte* buffer, nint length);

    [LibraryImport(CallResult.Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint KernelCall(nint number, nint first, nint second, nint third, nint fourth);
}

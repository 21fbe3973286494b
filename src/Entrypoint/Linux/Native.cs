using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>The calls of the C library that .NET has no equal for (numbers are Linux's, on x86-64 and arm64).</summary>
internal static unsafe partial class Native
{
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int ENOEXEC = 8;
    public const int ECHILD = 10;
    public const int EAGAIN = 11;
    public const int EACCES = 13;
    public const int ENOTDIR = 20;

    private const string Library = "libc";
    private const int ExecuteAccess = 1;
    private const int EffectiveIds = 0x200;
    private const int CurrentDirectory = -100;
    private const short PollIn = 1;
    private const short PollOut = 4;
    private const nuint CountUnread = 0x541B;

    /// <summary>The <c>errno</c> of the last call.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    /// <summary>"No such file or directory" for 2.</summary>
    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>Whether this process may execute the file.</summary>
    public static bool MayExecute(string path) => FileAccess(CurrentDirectory, path, ExecuteAccess, EffectiveIds) == 0;

    /// <summary>0 where something is at the path, links followed; else the <c>errno</c>.</summary>
    public static int Reach(string path) => FileAccess(CurrentDirectory, path, 0, EffectiveIds) == 0 ? 0 : LastError;

    /// <summary>Waits until a non-blocking descriptor takes bytes again; false when it never will.</summary>
    public static bool WaitUntilWritable(int descriptor)
    {
        var poll = new PollDescriptor { Descriptor = descriptor, Events = PollOut };
        return Poll(&poll, 1, -1) > 0 && (poll.Returned & PollOut) != 0;
    }

    /// <summary>Waits until a descriptor has bytes or an end to read.</summary>
    public static bool WaitUntilReadable(int descriptor)
    {
        var poll = new PollDescriptor { Descriptor = descriptor, Events = PollIn };
        return Poll(&poll, 1, -1) > 0;
    }

    /// <summary>How many bytes a pipe holds.</summary>
    public static int UnreadBytes(int descriptor)
    {
        var count = 0;
        return DeviceControl(descriptor, CountUnread, &count) == 0 ? count : 0;
    }

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nint count);

    [LibraryImport(Library, EntryPoint = "faccessat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileAccess(int folder, string path, int mode, int flags);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int DeviceControl(int descriptor, nuint request, int* value);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>The calls on what is open.</summary>
internal static unsafe partial class FileCalls
{
    private const short PollIn = 1;
    private const short PollOut = 4;
    private const int GetDescriptorFlags = 1;
    private const nuint CountUnread = 0x541B;
    private const long KeepTime = (1L << 30) - 2; // UTIME_OMIT

    public static Errno Close(int descriptor) => CallResult.ErrorOf(CloseDescriptor(descriptor));

    /// <summary>Whether the descriptor is open.</summary>
    public static bool IsOpen(int descriptor) => CallResult.ErrorOf(FileControl(descriptor, GetDescriptorFlags, 0)) != Errno.EBADF;

    /// <summary>Makes another descriptor refer to the same open file (<c>dup3</c>); children do not inherit it.</summary>
    public static CallResult<int> Duplicate(int descriptor, int target) => CallResult.Of(Duplicate(descriptor, target, OpenCloseOnExecute));

    /// <summary>Reads as much as there is, at most so many bytes; 0 at the end.</summary>
    public static CallResult<int> Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return CallResult.Of(Read(descriptor, start, buffer.Length));
        }
    }

    /// <summary>Writes as much as is taken; how many bytes that were.</summary>
    public static CallResult<int> Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return CallResult.Of(Write(descriptor, start, bytes.Length));
        }
    }

    /// <summary>Writes as much as is taken at a position in a file; how many bytes that were.</summary>
    public static CallResult<int> WriteAt(int descriptor, ReadOnlySpan<byte> bytes, long position)
    {
        fixed (byte* start = bytes)
        {
            return CallResult.Of(WriteAt(descriptor, start, bytes.Length, position));
        }
    }

    /// <summary>Sets the size of a file; what it grows by is a hole.</summary>
    public static Errno SetSize(int descriptor, long size) => CallResult.ErrorOf(SetSizeOf(descriptor, size));

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

    /// <summary>Changes the permissions of an open file or folder.</summary>
    public static Errno ChangeMode(int descriptor, int mode) => CallResult.ErrorOf(ChangeModeOf(descriptor, mode));

    /// <summary>Sets the time of the last change.</summary>
    public static Errno SetTime(int descriptor, DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        (seconds, rest) = rest < 0 ? (seconds - 1, rest + TimeSpan.TicksPerSecond) : (seconds, rest);
        var times = stackalloc long[] { 0, KeepTime, seconds, rest * TimeSpan.NanosecondsPerTick };
        return CallResult.ErrorOf(SetTimes(descriptor, times));
    }

    [LibraryImport(CallResult.Library, EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);

    [LibraryImport(CallResult.Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(int descriptor, int command, nint argument);

    [LibraryImport(CallResult.Library, EntryPoint = "dup3", SetLastError = true)]
    private static partial int Duplicate(int descriptor, int target, int flags);

    [LibraryImport(CallResult.Library, EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte* buffer, nint count);

    [LibraryImport(CallResult.Library, EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte* buffer, nint count);

    [LibraryImport(CallResult.Library, EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint WriteAt(int descriptor, byte* buffer, nint count, long position);

    [LibraryImport(CallResult.Library, EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int SetSizeOf(int descriptor, long size);

    [LibraryImport(CallResult.Library, EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport(CallResult.Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int DeviceControl(int descriptor, nuint request, int* value);

    [LibraryImport(CallResult.Library, EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeModeOf(int descriptor, int mode);

    [LibraryImport(CallResult.Library, EntryPoint = "futimens", SetLastError = true)]
    private static partial int SetTimes(int descriptor, long* times);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

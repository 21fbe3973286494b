using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>
/// The calls that make files relative to an open folder and without following links, which .NET's file classes cannot (numbers are
/// Linux's, on x86-64 and arm64). Names are bytes, so that a name that is not UTF-8 stays what it is.
/// </summary>
internal static unsafe partial class FolderCalls
{
    public const int EPERM = 1;
    public const int EIO = 5;
    public const int EEXIST = 17;
    public const int EISDIR = 21;
    public const int EINVAL = 22;
    public const int EFBIG = 27;
    public const int ENOSPC = 28;
    public const int EROFS = 30;
    public const int EDQUOT = 122;

    private const string Library = "libc";
    private const int WriteOnly = 1;
    private const int CreateNew = 0x40 | 0x80;
    private const int CloseOnExec = 0x80000;
    private const int CurrentFolder = -100;
    private const int RemoveFolderFlag = 0x200;
    private const int EntryNameOffset = 19; // of struct dirent64: inode, offset, length of the record, type, name
    private const int EntryLengthOffset = 16;
    private const long KeepTime = (1L << 30) - 2; // UTIME_OMIT

    // Two flags that differ between the architectures.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64;
    private static readonly int FolderOnly = Arm ? 0x4000 : 0x10000;
    private static readonly int NoFollow = Arm ? 0x8000 : 0x20000;

    /// <summary>Opens a folder by its full path.</summary>
    public static int OpenRoot(string path) => Open(CurrentFolder, Bytes(path), FolderOnly | CloseOnExec, 0);

    /// <summary>Opens a folder in a folder; fails on a link.</summary>
    public static int OpenFolder(int folder, string name) => Open(folder, Bytes(name), FolderOnly | NoFollow | CloseOnExec, 0);

    /// <summary>Makes a file that is not there yet, and opens it for writing.</summary>
    public static int CreateFile(int folder, string name) => Open(folder, Bytes(name), WriteOnly | CreateNew | NoFollow | CloseOnExec, 0x180);

    public static int MakeFolder(int folder, string name, int mode) => MakeFolder(folder, Bytes(name), mode);

    public static int Unlink(int folder, string name) => Unlink(folder, Bytes(name), 0);

    public static int SymbolicLink(string target, int folder, string name) => SymbolicLink(Bytes(target), folder, Bytes(name));

    /// <summary>Gives a file a second name; a link is not followed.</summary>
    public static int HardLink(int targetFolder, string target, int folder, string name) =>
        HardLink(targetFolder, Bytes(target), folder, Bytes(name), 0);

    public static int RemoveFolder(int folder, string name) => Unlink(folder, Bytes(name), RemoveFolderFlag);

    /// <summary>Changes the permissions of something in a folder; a link is followed.</summary>
    public static int ChangeMode(int folder, string name, int mode) => ChangeMode(folder, Bytes(name), mode, 0);

    /// <summary>The names in an open folder, all read before the first is given, so that entries may be removed meanwhile.</summary>
    public static List<string> ReadFolder(int folder)
    {
        const int BufferSize = 32 * 1024;
        var names = new List<string>();
        var buffer = new byte[BufferSize];
        fixed (byte* start = buffer)
        {
            nint length;
            while ((length = ReadEntries(folder, start, BufferSize)) > 0)
            {
                for (nint at = 0; at < length; at += *(ushort*)(start + at + EntryLengthOffset))
                {
                    var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(start + at + EntryNameOffset);
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        names.Add(OsText.Decode(name));
                    }
                }
            }
        }

        return names;
    }

    /// <summary>Sets the time of the last change.</summary>
    public static int SetTime(int file, DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        (seconds, rest) = rest < 0 ? (seconds - 1, rest + TimeSpan.TicksPerSecond) : (seconds, rest);
        var times = stackalloc long[] { 0, KeepTime, seconds, rest * TimeSpan.NanosecondsPerTick };
        return SetTimes(file, times);
    }

    /// <summary>Where a link leads; null with <see cref="Native.LastError"/> <see cref="EINVAL"/> where the path is no link.</summary>
    public static string? ReadLink(string path)
    {
        const int LongestTarget = 4096;
        var buffer = stackalloc byte[LongestTarget];
        var length = ReadLink(Bytes(path), buffer, LongestTarget);
        return length < 0 ? null : OsText.Decode(new ReadOnlySpan<byte>(buffer, (int)length));
    }

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(int descriptor, int mode);

    private static byte[] Bytes(string text) => [.. OsText.Encode(text), 0];

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    private static partial int Open(int folder, byte[] name, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MakeFolder(int folder, byte[] name, int mode);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int Unlink(int folder, byte[] name, int flags);

    [LibraryImport(Library, EntryPoint = "symlinkat", SetLastError = true)]
    private static partial int SymbolicLink(byte[] target, int folder, byte[] name);

    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true)]
    private static partial int HardLink(int targetFolder, byte[] target, int folder, byte[] name, int flags);

    [LibraryImport(Library, EntryPoint = "fchmodat", SetLastError = true)]
    private static partial int ChangeMode(int folder, byte[] name, int mode, int flags);

    [LibraryImport(Library, EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint ReadEntries(int folder, byte* buffer, nint length);

    [LibraryImport(Library, EntryPoint = "futimens", SetLastError = true)]
    private static partial int SetTimes(int descriptor, long* times);

    [LibraryImport(Library, EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLink(byte[] path, byte* buffer, nint length);
}

using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>The calls that are relative to an open folder and do not follow links.</summary>
internal static unsafe partial class FileCalls
{
    private const int RemoveFolderFlag = 0x200;
    private const int EntryNameOffset = 19; // of struct dirent64: inode, offset, length of the record, type, name
    private const int EntryLengthOffset = 16;

    /// <summary>Opens a folder by its path.</summary>
    public static CallResult<int> OpenFolder(string path) => Open(CurrentFolder, path, Architecture.OpenFolderOnly, 0);

    /// <summary>Opens a folder in a folder; fails on a link.</summary>
    public static CallResult<int> OpenFolder(int folder, string name) =>
        Open(folder, name, Architecture.OpenFolderOnly | Architecture.OpenNoFollow, 0);

    /// <summary>Makes a file that is not there yet, and opens it for writing.</summary>
    /// <param name="mode">Its permissions, less those that the umask takes away.</param>
    public static CallResult<int> CreateFile(int folder, string name, int mode) =>
        Open(folder, name, OpenWriteOnly | OpenCreate | OpenExclusive | Architecture.OpenNoFollow, mode);

    public static Errno MakeFolder(int folder, string name, int mode) => CallResult.ErrorOf(MakeFolder(folder, CallResult.Bytes(name), mode));

    public static Errno Unlink(int folder, string name) => CallResult.ErrorOf(Unlink(folder, CallResult.Bytes(name), 0));

    public static Errno RemoveFolder(int folder, string name) => CallResult.ErrorOf(Unlink(folder, CallResult.Bytes(name), RemoveFolderFlag));

    public static Errno SymbolicLink(string target, int folder, string name) =>
        CallResult.ErrorOf(SymbolicLink(CallResult.Bytes(target), folder, CallResult.Bytes(name)));

    /// <summary>Gives a file a second name; a link is not followed.</summary>
    public static Errno HardLink(int targetFolder, string target, int folder, string name) =>
        CallResult.ErrorOf(HardLink(targetFolder, CallResult.Bytes(target), folder, CallResult.Bytes(name), 0));

    /// <summary>Changes the permissions of what is at a path; a link is followed.</summary>
    public static Errno ChangeMode(string path, int mode) => ChangeMode(CurrentFolder, path, mode);

    /// <summary>Changes the permissions of something in a folder; a link is followed.</summary>
    public static Errno ChangeMode(int folder, string name, int mode) => CallResult.ErrorOf(ChangeMode(folder, CallResult.Bytes(name), mode, 0));

    /// <summary>The names in an open folder, all read before the first is given, so that entries may be removed meanwhile.</summary>
    public static CallResult<List<string>> ReadFolder(int folder)
    {
        const int BufferSize = 32 * 1024;
        var names = new List<string>();
        var buffer = new byte[BufferSize];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var length = CallResult.Of(KernelCall(Architecture.CallReadEntries, folder, (nint)start, BufferSize, 0));
                if (length is not { Succeeded: true, Value: > 0 })
                {
                    return new CallResult<List<string>>(names, length.Error);
                }

                for (var at = 0; at < length.Value; at += *(ushort*)(start + at + EntryLengthOffset))
                {
                    var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(start + at + EntryNameOffset);
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        names.Add(OsText.Decode(name));
                    }
                }
            }
        }
    }

    [LibraryImport(CallResult.Library, EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MakeFolder(int folder, byte[] name, int mode);

    [LibraryImport(CallResult.Library, EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int Unlink(int folder, byte[] name, int flags);

    [LibraryImport(CallResult.Library, EntryPoint = "symlinkat", SetLastError = true)]
    private static partial int SymbolicLink(byte[] target, int folder, byte[] name);

    [LibraryImport(CallResult.Library, EntryPoint = "linkat", SetLastError = true)]
    private static partial int HardLink(int targetFolder, byte[] target, int folder, byte[] name, int flags);

    [LibraryImport(CallResult.Library, EntryPoint = "fchmodat", SetLastError = true)]
    private static partial int ChangeMode(int folder, byte[] name, int mode, int flags);
}

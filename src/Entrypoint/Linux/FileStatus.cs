namespace Entrypoint.Linux;

/// <summary>What is at a path.</summary>
internal enum FileKind
{
    File,
    Folder,
    Link,
    Pipe,
    Socket,
    Device,
}

/// <summary>What <c>stat(2)</c> tells of a file or folder.</summary>
/// <param name="Permissions">The lower twelve bits of the mode.</param>
/// <param name="Owner">The user's number.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Changed">When its content was last changed.</param>
/// <param name="Identity">Which file it is: two names of one file have the same.</param>
internal readonly record struct FileStatus(
    FileKind Kind, int Permissions, uint Owner, uint Group, long Size, DateTimeOffset Changed, (ulong Device, ulong Number) Identity)
{
    /// <summary>Larger than <c>struct stat</c> is anywhere.</summary>
    public const int StructureSize = 256;

    private const int DeviceOffset = 0;
    private const int NumberOffset = 8;
    private const int SizeOffset = 48;
    private const int ChangedOffset = 88;

    /// <summary>Reads a <c>struct stat</c>.</summary>
    public static unsafe FileStatus Read(byte* status)
    {
        var mode = *(uint*)(status + Architecture.StatusMode);
        return new FileStatus(
            KindOf(mode),
            (int)(mode & 0xFFF),
            *(uint*)(status + Architecture.StatusOwner),
            *(uint*)(status + Architecture.StatusGroup),
            *(long*)(status + SizeOffset),
            DateTimeOffset.UnixEpoch.AddSeconds(*(long*)(status + ChangedOffset)).AddTicks(*(long*)(status + ChangedOffset + 8) / TimeSpan.NanosecondsPerTick),
            (*(ulong*)(status + DeviceOffset), *(ulong*)(status + NumberOffset)));
    }

    private static FileKind KindOf(uint mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        0x1000 => FileKind.Pipe,
        0xC000 => FileKind.Socket,
        _ => FileKind.Device,
    };
}

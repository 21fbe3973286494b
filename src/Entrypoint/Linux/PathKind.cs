namespace Entrypoint.Linux;

/// <summary>What a path leads to, links followed.</summary>
internal enum PathKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, a socket or a device: what is read from it is somebody else's, and may never end.</summary>
    Special,

    /// <summary>It is a link that leads nowhere, or to itself.</summary>
    DanglingLink,

    /// <summary>It cannot be looked at: file permissions.</summary>
    Unreachable,
}

/// <summary>The question where a path leads: .NET's own takes a link that leads nowhere for a file, and a pipe too.</summary>
internal static partial class FileCalls
{
    public static PathKind KindOf(string path)
    {
        var status = Status(path);
        return status.Error switch
        {
            Errno.None => status.Value.Kind switch
            {
                FileKind.File => PathKind.File,
                FileKind.Folder => PathKind.Folder,
                _ => PathKind.Special,
            },
            Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP => StatusOfLink(path).Succeeded ? PathKind.DanglingLink : PathKind.Missing,
            _ => PathKind.Unreachable,
        };
    }
}

using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>Why a system call failed (<c>errno(3)</c>), by the names that every manual page uses.</summary>
internal enum Errno
{
    /// <summary>It did not fail.</summary>
    None = 0,
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EINTR = 4,
    EIO = 5,
    ENXIO = 6,
    ENOEXEC = 8,
    EBADF = 9,
    ECHILD = 10,
    EAGAIN = 11,
    EACCES = 13,
    EEXIST = 17,
    ENOTDIR = 20,
    EISDIR = 21,
    EINVAL = 22,
    EFBIG = 27,
    ENOSPC = 28,
    EROFS = 30,
    ENOSYS = 38,
    ELOOP = 40,
    EDQUOT = 122,
}

/// <summary>Failures of system calls as text and as exceptions.</summary>
internal static class ErrnoText
{
    /// <summary>"No such file or directory" for <see cref="Errno.ENOENT"/>.</summary>
    public static string Describe(this Errno error) => Marshal.GetPInvokeErrorMessage((int)error);

    /// <summary>What .NET's own file classes would throw.</summary>
    public static Exception ToException(this Errno error, string path)
    {
        var message = $"{error.Describe()}: {path}";
        return error switch
        {
            Errno.EACCES or Errno.EPERM => new UnauthorizedAccessException(message),
            Errno.ENOENT => new FileNotFoundException(message, path),
            _ => new IOException(message, (int)error),
        };
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Linux;

/// <summary>What became of asking for a lock.</summary>
internal enum LockAnswer
{
    /// <summary>It is ours.</summary>
    Held,

    /// <summary>Another has one that does not go with it.</summary>
    Taken,

    /// <summary>The file system, the kernel or the container engine has no locks (ENOSYS, ENOLCK, ENOTSUP, EBADF, EPERM).</summary>
    NotHere,
}

/// <summary>Lock files, and their locks.</summary>
internal static unsafe partial class FileCalls
{
    // Of flock(2).
    private const int SharedLock = 1;
    private const int ExclusiveLock = 2;
    private const int WithoutWaiting = 4;

    private const long TimeNow = (1L << 30) - 1; // UTIME_NOW

    /// <summary>
    /// Opens a lock file for reading and writing (NFS wants that for an exclusive lock), made where it is not there; a link is not
    /// followed. (.NET would take a lock of its own.)
    /// </summary>
    public static CallResult<SafeFileHandle> OpenLockFile(string path, int permissions) =>
        Handle(Open(CurrentFolder, path, OpenReadWrite | OpenCreate | Architecture.OpenNoFollow, permissions));

    /// <summary>Makes a lock file that is not there yet (else <see cref="Errno.EEXIST"/>).</summary>
    public static CallResult<SafeFileHandle> CreateLockFile(string path, int permissions) =>
        Handle(Open(CurrentFolder, path, OpenReadWrite | OpenCreate | OpenExclusive | Architecture.OpenNoFollow, permissions));

    /// <summary>Opens a file that is there, for reading and writing or for reading alone; a link is not followed.</summary>
    public static CallResult<SafeFileHandle> OpenExisting(string path, bool forWriting) =>
        Handle(Open(CurrentFolder, path, (forWriting ? OpenReadWrite : OpenReadOnly) | Architecture.OpenNoFollow | OpenWithoutWaiting, 0));

    /// <summary>
    /// Asks for the <c>flock</c> of an open file, without waiting. The kernel gives it back when the file is closed, so also when the
    /// holder dies.
    /// </summary>
    public static LockAnswer TryLock(SafeFileHandle file, bool shared) =>
        CallResult.ErrorOf(Lock(file, (shared ? SharedLock : ExclusiveLock) | WithoutWaiting)) switch
        {
            Errno.None => LockAnswer.Held,
            Errno.EAGAIN or Errno.EINTR => LockAnswer.Taken,
            _ => LockAnswer.NotHere,
        };

    /// <summary>Sets the time of the last change to now; whoever may write to the file may do that.</summary>
    public static Errno Touch(SafeFileHandle file)
    {
        var times = stackalloc long[] { 0, TimeNow, 0, TimeNow };
        return CallResult.ErrorOf(SetTimes((int)file.DangerousGetHandle(), times));
    }

    [LibraryImport(CallResult.Library, EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}

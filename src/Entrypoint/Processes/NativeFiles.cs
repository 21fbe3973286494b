using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Entrypoint.Processes;

/// <summary>File calls: rights and locks.</summary>
internal static unsafe partial class Native
{
    private const int WriteAccess = 2;
    private const int ExclusiveLock = 2;
    private const int WithoutWaiting = 4;

    /// <summary>Whether this process may write to the file, or make files in the folder.</summary>
    public static bool MayWrite(string path) => FileAccess(CurrentDirectory, path, WriteAccess, EffectiveIds) == 0;

    /// <summary>
    /// Takes the exclusive <c>flock</c> of an open file, without waiting. The kernel gives it back when the last descriptor of it is
    /// closed, so also when the holder dies.
    /// </summary>
    public static bool TryLock(SafeFileHandle file) => Lock(file, ExclusiveLock | WithoutWaiting) == 0;

    /// <summary>The effective user id.</summary>
    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint UserId();

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}

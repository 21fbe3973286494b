using System.Runtime.InteropServices;

namespace Entrypoint.Benchmarks.Measuring;

/// <summary>The calls that start a process, and tell at its end what it used. glibc on 64-bit Linux.</summary>
internal static unsafe partial class NativeCalls
{
    public const int WriteCreateTruncate = 0x1 | 0x40 | 0x200;
    public const int CloseOnExec = 0x80000;

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static partial int Spawn(out int processId, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitializeActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    public static partial int AddOpen(void* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(void* actions, int descriptor, int copy);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static partial int AddChangeFolder(void* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    public static partial int Wait(int processId, out int status, int options, out Usage usage);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int MakePipe(int* ends, int flags);

    /// <summary><c>struct rusage</c>: of the process and of all descendants that were waited for.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;

        private fixed long _rest[14];
    }
}

using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary><c>posix_spawn(3)</c>, whose functions return the failure itself.</summary>
internal static unsafe partial class ProcessCalls
{
    /// <summary>Larger than the attributes and file actions of any C library (glibc: 336 and 80 bytes).</summary>
    public const int SpawnStructureSize = 512;

    public const short SpawnSetGroup = 0x02;
    public const short SpawnSetSignalDefaults = 0x04;
    public const short SpawnSetSignalMask = 0x08;
    public const short SpawnSetSession = 0x80;

    /// <summary>
    /// <c>posix_spawn_file_actions_addtcsetpgrp_np</c> (glibc 2.35 and later): puts the child's group in the terminal's foreground before
    /// the program starts. Null in older C libraries.
    /// </summary>
    public static readonly delegate* unmanaged<void*, int, int> AddForeground =
        (delegate* unmanaged<void*, int, int>)WhereThere("posix_spawn_file_actions_addtcsetpgrp_np");

    /// <summary><c>posix_spawn_file_actions_addchdir_np</c> (glibc 2.29 and later): the child's folder. Null in older C libraries.</summary>
    public static readonly delegate* unmanaged<void*, byte*, int> AddWorkingDirectory =
        (delegate* unmanaged<void*, byte*, int>)WhereThere("posix_spawn_file_actions_addchdir_np");

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawn")]
    public static partial Errno Spawn(int* processId, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawnattr_init")]
    public static partial int InitializeAttributes(void* attributes);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(void* attributes);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(void* attributes, short flags);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawnattr_setpgroup")]
    public static partial int SetGroup(void* attributes, int group);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(void* attributes, SignalCalls.SignalSet* set);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetSignalDefaults(void* attributes, SignalCalls.SignalSet* set);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitializeActions(void* actions);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(void* actions);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(void* actions, int descriptor, int target);

    [LibraryImport(CallResult.Library, EntryPoint = "posix_spawn_file_actions_addopen")]
    public static partial int AddOpen(void* actions, int descriptor, byte* path, int flags, uint mode);

    private static nint WhereThere(string name) =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), name, out var address) ? address : 0;
}

using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>Terminals, sessions and process groups.</summary>
internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "isatty", SetLastError = true)]
    private static partial int IsATerminal(int descriptor);

    /// <summary>Whether the descriptor is a terminal.</summary>
    public static bool IsTerminal(int descriptor) => IsATerminal(descriptor) == 1;

    [LibraryImport(Library, EntryPoint = "tcgetpgrp", SetLastError = true)]
    public static partial int GetForegroundGroup(int terminal);

    [LibraryImport(Library, EntryPoint = "tcsetpgrp", SetLastError = true)]
    public static partial int SetForegroundGroup(int terminal, int group);

    [LibraryImport(Library, EntryPoint = "getpgrp")]
    public static partial int GetGroup();

    [LibraryImport(Library, EntryPoint = "setpgid", SetLastError = true)]
    public static partial int SetGroupOf(int processId, int group);

    [LibraryImport(Library, EntryPoint = "getsid", SetLastError = true)]
    public static partial int GetSession(int processId);
}

using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>Terminals and who has their foreground.</summary>
internal static partial class TerminalCalls
{
    /// <summary>Whether the descriptor is a terminal.</summary>
    public static bool IsTerminal(int descriptor) => IsATerminal(descriptor) == 1;

    /// <summary>The group in the foreground of this process's controlling terminal; fails for any other descriptor.</summary>
    public static CallResult<int> ForegroundGroup(int terminal) => CallResult.Of(GetForegroundGroup(terminal));

    public static Errno SetForegroundGroup(int terminal, int group) => CallResult.ErrorOf(PutInForeground(terminal, group));

    [LibraryImport(CallResult.Library, EntryPoint = "isatty", SetLastError = true)]
    private static partial int IsATerminal(int descriptor);

    [LibraryImport(CallResult.Library, EntryPoint = "tcgetpgrp", SetLastError = true)]
    private static partial int GetForegroundGroup(int terminal);

    [LibraryImport(CallResult.Library, EntryPoint = "tcsetpgrp", SetLastError = true)]
    private static partial int PutInForeground(int terminal, int group);
}

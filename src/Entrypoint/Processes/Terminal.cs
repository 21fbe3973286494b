using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// The controlling terminal, where there is one. It is either the program's own (PID 1 or session leader, as under
/// <c>docker run -it</c>): then the job's group is put in its foreground and the terminal taken back at the end; or it is the shell's
/// that started the program: then the job stays in the shell's group.
/// </summary>
internal sealed class Terminal
{
    private readonly int _descriptor;
    private readonly int _foreground;

    private Terminal(int descriptor, bool isOwn)
    {
        _descriptor = descriptor;
        IsOwn = isOwn;
        _foreground = TerminalCalls.ForegroundGroup(descriptor).Value;
    }

    /// <summary>Whether this program, and no shell, has to look after the terminal.</summary>
    public bool IsOwn { get; }

    /// <summary>The descriptor of an own terminal, for <see cref="ChildStart.ForegroundOf"/>.</summary>
    public int? OwnDescriptor => IsOwn ? _descriptor : null;

    /// <summary>The controlling terminal; null where there is none.</summary>
    public static Terminal? Controlling()
    {
        // A container may have a controlling terminal and no /dev/tty.
        var descriptor = FileCalls.OpenDevice("/dev/tty") is { Succeeded: true } opened
            ? opened.Value
            : Enumerable.Range(0, 3).FirstOrDefault(stream => TerminalCalls.ForegroundGroup(stream).Succeeded, -1);
        var isOwn = Environment.ProcessId == 1 || ProcessCalls.Session() == Environment.ProcessId;
        return descriptor < 0 ? null : new Terminal(descriptor, isOwn);
    }

    /// <summary>Puts a group in the foreground of an own terminal. SIGTTOU is blocked or handled here, so that this cannot stop us.</summary>
    public void GiveTo(int group)
    {
        if (IsOwn)
        {
            _ = TerminalCalls.SetForegroundGroup(_descriptor, group);
        }
    }

    /// <summary>Takes an own terminal back.</summary>
    public void TakeBack()
    {
        if (!IsOwn || (_foreground > 0 && TerminalCalls.SetForegroundGroup(_descriptor, _foreground) == Errno.None))
        {
            return;
        }

        // In a PID namespace of its own the group that had it may have no number here; then this process makes one.
        _ = ProcessCalls.MakeGroup();
        _ = TerminalCalls.SetForegroundGroup(_descriptor, ProcessCalls.Group());
    }
}

using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>Signal numbers of Linux on x86-64 and arm64 (<c>signal(7)</c>), their names, and what this program does with them.</summary>
internal static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Pipe = 13;
    public const int Terminate = 15;
    public const int Child = 17;
    public const int Continue = 18;
    public const int Stop = 19;
    public const int TerminalStop = 20;
    public const int TerminalInput = 21;
    public const int TerminalOutput = 22;
    public const int WindowChange = 28;

    /// <summary>The first real-time signal that is not the C library's, <c>SIGRTMIN</c>.</summary>
    public const int RealTime = 34;

    /// <summary>The highest number, <c>SIGRTMAX</c>.</summary>
    public const int Last = 64;

    private static readonly string[] Names =
    [
        "0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
        "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU",
        "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary>Left to the kernel and the runtime: what cannot be caught, the crash signals, PIPE and CHLD; 32 and 33 are glibc's own.</summary>
    private static SignalSet NotForwarded => SignalSet.Of(4, 5, 6, 7, 8, Kill, 11, Pipe, Child, Stop, 31, 32, 33);

    /// <summary>All signals that are passed on to the job.</summary>
    public static SignalSet Forwarded => SignalSet.All.Without(NotForwarded);

    /// <summary>Whether the signal asks a program to end: what stops the run while it is still fetching or preparing.</summary>
    public static bool Ends(int signal) => signal is Hangup or Interrupt or Quit or Terminate;

    /// <summary>Whether the signal is one of those by which a terminal stops a job.</summary>
    public static bool StopsOnTerminal(int signal) => signal is TerminalStop or TerminalInput or TerminalOutput;

    /// <summary>"SIGTERM" for 15, "SIGRTMIN+2" for 36.</summary>
    public static string Name(int signal) =>
        signal < Names.Length ? Names[signal] : signal == 34 ? "SIGRTMIN" : signal > 34 ? $"SIGRTMIN+{signal - 34}" : $"signal {signal}";
}

using Entrypoint.Failures;

namespace Entrypoint.Processes;

/// <summary>How a child process ended, and the most memory that it held.</summary>
/// <param name="Code">The exit code, 0 to 255; 0 where a signal ended it.</param>
/// <param name="Signal">The number of the signal that ended it, or null.</param>
/// <param name="MaxRssBytes">The largest resident set of it and of the children it waited for, in bytes (<c>ru_maxrss</c>).</param>
internal sealed record ExitStatus(int Code, int? Signal, long MaxRssBytes)
{
    /// <summary>From an exit code as POSIX shells report it, where no more is known.</summary>
    public static ExitStatus OfShellCode(int code) =>
        code > (int)ExitCode.SignalBase && code <= (int)ExitCode.SignalBase + Signals.Last
            ? new ExitStatus(0, code - (int)ExitCode.SignalBase, 0)
            : new ExitStatus(code, null, 0);

    /// <summary>The exit code as POSIX shells report it: 128 + N after signal N.</summary>
    public int ShellCode => Signal is { } signal ? (int)ExitCode.SignalBase + signal : Code;

    /// <summary>Whether it ended with exit code 0.</summary>
    public bool Succeeded => ShellCode == 0;

    /// <summary>"exit code 3" or "signal 9 (SIGKILL)", for messages.</summary>
    public override string ToString() => Signal is { } signal ? $"signal {signal} ({Signals.Name(signal)})" : $"exit code {Code}";
}

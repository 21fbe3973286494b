using System.Text.RegularExpressions;

namespace Entrypoint.EndToEnd.Init;

/// <summary>Python jobs that several tests run.</summary>
internal static partial class Jobs
{
    /// <summary>
    /// Prints "ready PID", then "got N" for each signal that it receives, one at a time and none missed; "got N from terminal" where the
    /// kernel sent it. Ends with its exit code 42 on SIGRTMAX.
    /// </summary>
    public const string SignalPrinter =
        """
        import os, signal
        signals = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        os.write(1, b"ready %d\n" % os.getpid())
        while True:
            info = signal.sigwaitinfo(signals)
            os.write(1, b"got %d %s\n" % (info.si_signo, b"from terminal" if info.si_code > 0 else b""))
            if info.si_signo == signal.SIGRTMAX:
                os._exit(42)
        """;

    /// <summary>Prints "ready PID" and does nothing.</summary>
    public const string Sleeper =
        """
        import os, time
        os.write(1, b"ready %d\n" % os.getpid())
        while True:
            time.sleep(3600)
        """;

    /// <summary>Prints "ready PID" and ignores TERM, INT, HUP and QUIT.</summary>
    public const string Stubborn =
        """
        import os, signal, time
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
        os.write(1, b"ready %d\n" % os.getpid())
        while True:
            time.sleep(3600)
        """;

    /// <summary>Ends with its first argument as exit code.</summary>
    public const string Exit = "import os, sys; os._exit(int(sys.argv[1]))";

    /// <summary>Waits for the line "ready N" and returns its number: a process id, in the job's PID namespace.</summary>
    public static async Task<int> ReadyIdAsync(Func<string> output)
    {
        Match match = Match.Empty;
        await ProcessState.WaitUntilAsync(() => (match = ReadyLine().Match(output())).Success, $"the job was ready. It printed: {output()}");
        return int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What the <see cref="SignalPrinter"/> got, in its order. (A terminal shows the key that was pressed in front of it.)</summary>
    public static string[] Received(string output) => [.. GotLine().Matches(output).Select(match => match.Groups[1].Value.Trim())];

    [GeneratedRegex(@"ready (\d+)\n")]
    private static partial Regex ReadyLine();

    [GeneratedRegex(@"got (.+)\n")]
    private static partial Regex GotLine();
}

namespace Entrypoint.EndToEnd.Init;

/// <summary>Python jobs that several tests run.</summary>
internal static class Jobs
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
        print("ready", os.getpid(), flush=True)
        while True:
            info = signal.sigwaitinfo(signals)
            print("got", info.si_signo, "from terminal" if info.si_code > 0 else "", flush=True)
            if info.si_signo == 64:
                os._exit(42)
        """;

    /// <summary>Prints "ready PID" and does nothing.</summary>
    public const string Sleeper =
        """
        import os, time
        print("ready", os.getpid(), flush=True)
        while True:
            time.sleep(3600)
        """;

    /// <summary>Prints "ready PID" and ignores TERM, INT, HUP and QUIT.</summary>
    public const string Stubborn =
        """
        import os, signal, time
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
        print("ready", os.getpid(), flush=True)
        while True:
            time.sleep(3600)
        """;

    /// <summary>Ends with its first argument as exit code.</summary>
    public const string Exit = "import os, sys; os._exit(int(sys.argv[1]))";

    /// <summary>The number behind "ready" in what the job printed: its process id, in its own PID namespace.</summary>
    public static int ReadyId(string output)
    {
        var line = output.Split('\n').First(line => line.StartsWith("ready ", StringComparison.Ordinal));
        return int.Parse(line["ready ".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What the <see cref="SignalPrinter"/> got, in its order.</summary>
    public static string[] Received(string output) =>
        [.. output.Split('\n').Where(line => line.StartsWith("got ", StringComparison.Ordinal)).Select(line => line["got ".Length..].Trim())];
}

using System.Text.RegularExpressions;
using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.EndToEnd.Init;

/// <summary>Whoever reads the log: nothing that has to happen waits for it.</summary>
public sealed partial class LogReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LogReaderTests() => Workbench.Run("mkfifo", Fifo);

    public void Dispose() => _folder.Dispose();

    private string Fifo => _folder["log"];

    private string Started => _folder["started"];

    /// <summary>With standard output a pipe that is full, and that nobody reads as long as no test does.</summary>
    private string[] FullPipe =>
    [
        Interpreter.Program,
        "-c",
        """
        import os, sys
        pipe = os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK)
        try:
            while True:
                os.write(pipe, b"." * 4096)
        except BlockingIOError:
            pass
        out = os.open(sys.argv[1], os.O_WRONLY)
        os.dup2(out, 1)
        os.close(out)
        os.set_inheritable(pipe, True)
        os.execv(sys.argv[2], sys.argv[2:])
        """,
        Fifo,
    ];

    private string Job(string python) => _folder.Job(
        $"""
        import os, signal, time
        {python}

        """);

    private string NoteStart => $"open({Quoted(Started)}, 'w').close()";

    private static string Quoted(string path) => $"'{path}'";

    private static Task ForAsync(string file) => ProcessState.WaitUntilAsync(() => File.Exists(file), $"{file} was there");

    [Fact]
    public async Task A_time_limit_and_a_grace_period_do_not_wait_for_it()
    {
        var job = Job(
            $"""
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            {NoteStart}
            while True: time.sleep(1)
            """);

        using var process = EntrypointProcess.Start([job, "--timeout", "1s", "--grace-period", "1s"], wrapper: FullPipe);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 124, result.ToString());
        Assert.True(File.Exists(Started));
    }

    [Fact]
    public async Task Signals_and_the_end_do_not_wait_for_it()
    {
        var job = Job(
            $"""
            signal.signal(signal.SIGUSR1, lambda *_: open({Quoted(_folder["usr1"])}, "w").close())
            signal.signal(signal.SIGTERM, lambda *_: os._exit(7))
            {NoteStart}
            while True: time.sleep(1)
            """);

        using var process = EntrypointProcess.Start([job, "--log-level", "debug"], wrapper: FullPipe);
        await ForAsync(Started);
        process.Signal(SIGUSR1);
        await ForAsync(_folder["usr1"]);
        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 7, result.ToString());
    }

    [Fact]
    public async Task A_signal_while_preparing_does_not_wait_for_it()
    {
        var job = Job("");
        _folder.Write("job/setup.sh", $"touch {Started}\nseq 100000\nsleep 1000\n");

        using var process = EntrypointProcess.Start([job], wrapper: FullPipe);
        await ForAsync(Started);
        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGTERM, result.ToString());
    }

    [Fact]
    public async Task A_plan_that_nobody_reads_can_be_stopped()
    {
        using var process = EntrypointProcess.Start(
            [Job(""), "--dry-run", "--log-level", "debug", "--", new string('x', 100_000)], wrapper: FullPipe);
        await ProcessState.WaitUntilAsync(() => IsWaitingToWrite(process.Id), "the plan was being written");
        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 128 + SIGTERM, result.ToString());
    }

    [Fact]
    public async Task A_terminal_that_nobody_reads_holds_nothing_up()
    {
        var job = Job(
            $"""
            signal.signal(signal.SIGTERM, lambda *_: os._exit(9))
            terminal = os.open(os.ttyname(0), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
            try:
                while True: os.write(terminal, b"." * 1000)
            except BlockingIOError:
                pass
            {NoteStart}
            while True: time.sleep(1)
            """);
        string[] terminal =
        [
            Interpreter.Program,
            "-c",
            """
            import os, pty, signal, sys
            child, master = pty.fork()
            if child == 0:
                os.execv(sys.argv[1], sys.argv[1:])
            signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
            while True:
                ended, status = os.waitpid(child, 0)
                if ended == child:
                    sys.exit(os.waitstatus_to_exitcode(status))
            """,
        ];

        using var process = EntrypointProcess.Start([job, "--log-level", "debug"], wrapper: terminal);
        await ForAsync(Started);
        process.Signal(SIGTERM);
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 9, result.ToString());
    }

    [Fact]
    public async Task A_slow_reader_gets_all_lines_in_order_and_those_that_were_lost_are_counted()
    {
        const int MostSignals = 200;
        var job = Job($"{NoteStart}\nwhile not os.path.exists({Quoted(_folder["go"])}): time.sleep(0.01)\nprint('the job ends')");

        using var process = EntrypointProcess.Start([job, "--log-level", "debug"], wrapper: FullPipe);
        await ForAsync(Started);
        for (var signal = 0; signal < MostSignals; signal++)
        {
            process.Signal(SIGCONT);
        }

        var log = Task.Run(() => File.ReadAllText(Fifo));
        _folder.Write("go", "");
        var result = await process.WaitAsync();
        var lines = (await log).TrimStart('.').TrimEnd().Split('\n');

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.DoesNotContain(lines, line => line.Contains(" were lost ", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Matches(Line(), line));
        var signals = lines.Select((line, index) => (line, index)).Where(entry => entry.line.Contains("Received signal 18", StringComparison.Ordinal)).ToList();
        Assert.InRange(signals.Count, 1, MostSignals);
        Assert.True(Array.FindIndex(lines, line => line.Contains("Executing: ", StringComparison.Ordinal)) < signals[0].index);
        Assert.Contains("Elapsed time", lines[^1], StringComparison.Ordinal);
    }

    /// <summary>Whether it has its output's reader to wait for, and has begun to do so: the plan's steps have been looked at.</summary>
    private static bool IsWaitingToWrite(int id) =>
        Directory.Exists($"/proc/{id}/task") && Directory.EnumerateDirectories($"/proc/{id}/task").Any(thread => NameOf(thread) == "Log");

    private static string NameOf(string thread)
    {
        try
        {
            return File.ReadAllText($"{thread}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \[[A-Z]+\] .*|the job ends)$")]
    private static partial Regex Line();
}

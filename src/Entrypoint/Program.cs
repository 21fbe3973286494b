using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.Reporting;
using Entrypoint.Sources;
using Entrypoint.Store;
using Entrypoint.Workspace;
using Serilog;
using Log = Entrypoint.Output.Log;

namespace Entrypoint;

/// <summary>
/// The way through: options, then the run, then the end. The only place that catches, and that turns failures into exit codes.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        // The wait of a task spins before it sleeps: here that is processor time which the job could have.
        var end = MainAsync(arguments);
        _ = ((IAsyncResult)end).AsyncWaitHandle.WaitOne();
        return end.GetAwaiter().GetResult();
    }

    private static async Task<int> MainAsync(string[] arguments)
    {
        // Before any thread is started and any file opened: what we were given, to be passed on as it was.
        InheritedSignals.Capture();
        StandardStreams.Secure();
        var signals = SignalSource.Listen();

        var secrets = new Secrets();
        var environment = ProcessEnvironment.Current();
        var words = ProgramArguments.Read(arguments);
        int exitCode;
        try
        {
            exitCode = await AnswerAsync(OptionsReader.Read(words, environment, CurrentDirectory(), secrets), signals, secrets).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // What is wrong with the options is said in the form that they ask for, as far as they could be read.
            var wanted = LogOptions.Read(words, environment);
            await using var log = Log.Create(wanted.Format, wanted.Level, LogStream(wanted.DryRun), secrets, TimeZoneInfo.Local);
            var end = EndOf(exception, log);
            log.Error("{Message}", end.Failure);
            TerminationMessage.Write(TerminationMessage.File, secrets.Hide(end.Failure!));
            exitCode = end.ExitCode;
        }

        RawOutput.End();
        return exitCode;
    }

    private static async Task<int> AnswerAsync(Request request, Action<Action<ReceivedSignal>> signals, Secrets secrets)
    {
        switch (request)
        {
            case Request.Help:
                return Print(HelpPage.Text());
            case Request.Version:
                return Print($"entrypoint {EntrypointVersion.Text}\n");
            case Request.Run run:
                var options = run.Options with { Settings = WorkspaceVariables.Apply(run.Options.Settings) };
                return await RunAsync(options, signals, secrets, TimeProvider.System).ConfigureAwait(false);
            default:
                throw new InvalidOperationException("Unknown request");
        }
    }

    private static int Print(string text)
    {
        _ = RawOutput.Of(RawOutput.StandardOutput).TryPost(OsText.Encode(text));
        return (int)ExitCode.Success;
    }

    private static async Task<int> RunAsync(Options options, Action<Action<ReceivedSignal>> signals, Secrets secrets, TimeProvider time)
    {
        var start = time.GetTimestamp();
        var record = new RunRecord();
        await using var log = Log.Create(options.LogFormat, options.LogLevel, LogStream(options.DryRun), secrets, TimeZoneInfo.Local);
        using var supervisor = new Supervisor(signals, options.GracePeriod, secrets, log, time);
        using var temporary = new TemporaryFolders(Path.GetFullPath(options.Settings.Environment.Get("TMPDIR", "/tmp"), options.Settings.CurrentDirectory), log);
        var context = new FetchContext(options, supervisor, temporary, secrets, log, time, TerminalCalls.IsTerminal(RawOutput.StandardOutput));
        var end = await EndOfAsync(() => new Run(context, supervisor, record).ThroughAsync(), supervisor, log).ConfigureAwait(false);
        var closing = new Closing(context, record);
        Afterwards(() => end = closing.Report(end), log);
        if (!options.DryRun)
        {
            Afterwards(supervisor.EndLeftovers, log);
        }

        Afterwards(temporary.Dispose, log);
        Afterwards(() => closing.WriteLines(end, time.GetElapsedTime(start)), log);
        return end.ExitCode;
    }

    /// <summary>What is done after the run: whatever happens there, it does not change how the run ended.</summary>
    private static void Afterwards(Action step, ILogger log)
    {
        try
        {
            step();
        }
        catch (Exception exception)
        {
            log.Error("{Message}", EndOf(exception, log).Failure);
        }
    }

    /// <summary>Where the program was started; the root where that folder has been removed since.</summary>
    private static string CurrentDirectory() => FileCalls.CurrentDirectory() is { Succeeded: true, Value: ['/', ..] } current ? current.Value : "/";

    /// <summary>Runs, and turns the result or the failure into the exit code and the line to end with.</summary>
    private static async Task<RunEnd> EndOfAsync(Func<Task<int>> run, Supervisor supervisor, ILogger log)
    {
        try
        {
            return new RunEnd(await run().ConfigureAwait(false), null);
        }
        catch (Exception exception) when (supervisor.StopSignal is not null && exception is (OperationCanceledException or EntrypointException))
        {
            // Whatever failed then failed because it was stopped.
            var signal = supervisor.StopSignal!.Value;
            return new RunEnd((int)ExitCode.SignalBase + signal, $"Stopped by signal {signal} ({Signals.Name(signal)}) before the code was run.");
        }
        catch (Exception exception)
        {
            return EndOf(exception, log);
        }
    }

    /// <summary>What a failure means: an exit code, and a line for the person who runs the job.</summary>
    private static RunEnd EndOf(Exception exception, ILogger log)
    {
        if ((exception as EntrypointException ?? FileFailure.Of(exception)) is { } foreseen)
        {
            log.Debug(exception, "What led to the failure");
            return new RunEnd((int)foreseen.Code, foreseen.Message);
        }

        log.Error(exception, "What led to the failure");
        return new RunEnd((int)ExitCode.Software, $"A bug in entrypoint {EntrypointVersion.Text}: {exception.Message} Please report it with the lines above.");
    }

    /// <summary>With <c>--dry-run</c> standard output is the plan's.</summary>
    private static int LogStream(bool dryRun) => dryRun ? RawOutput.StandardError : RawOutput.StandardOutput;
}

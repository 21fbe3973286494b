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
    private static async Task<int> Main(string[] arguments)
    {
        // Before any thread is started and any file opened: what we were given, to be passed on as it was.
        InheritedSignals.Capture();
        StandardStreams.Secure();
        var signals = SignalSource.Listen();

        var time = TimeProvider.System;
        var secrets = new Secrets();
        var environment = ProcessEnvironment.Current();
        var words = ProgramArguments.Read(arguments);
        try
        {
            switch (OptionsReader.Read(words, environment, CurrentDirectory(), secrets))
            {
                case Request.Help:
                    _ = RawOutput.TryWrite(RawOutput.StandardOutput, OsText.Encode(HelpPage.Text()));
                    return (int)ExitCode.Success;
                case Request.Version:
                    _ = RawOutput.TryWrite(RawOutput.StandardOutput, OsText.Encode($"entrypoint {EntrypointVersion.Text}\n"));
                    return (int)ExitCode.Success;
                case Request.Run request:
                    var options = request.Options with { Settings = WorkspaceVariables.Apply(request.Options.Settings) };
                    return await RunAsync(options, signals, secrets, time).ConfigureAwait(false);
                default:
                    throw new InvalidOperationException("Unknown request");
            }
        }
        catch (EntrypointException exception)
        {
            using var log = LogOfUsageErrors(words, environment, secrets);
            log.Error("{Message}", exception.Message);
            TerminationMessage.Write(TerminationMessage.File, secrets.Hide(exception.Message));
            return (int)exception.Code;
        }
    }

    private static async Task<int> RunAsync(Options options, Action<Action<ReceivedSignal>> signals, Secrets secrets, TimeProvider time)
    {
        var start = time.GetTimestamp();
        var record = new RunRecord();
        await using var log = Log.Create(options.LogFormat, options.LogLevel, LogStream(options.DryRun), secrets, TimeZoneInfo.Local);
        using var supervisor = new Supervisor(signals, options.GracePeriod, secrets, log, time);
        using var temporary = new TemporaryFolders(options.Settings.Environment.Get("TMPDIR", "/tmp"), log);
        var context = new FetchContext(options, supervisor, temporary, secrets, log, time, TerminalCalls.IsTerminal(RawOutput.StandardOutput));
        var end = await EndOfAsync(() => new Run(context, supervisor, record).ThroughAsync(), supervisor, log).ConfigureAwait(false);
        var closing = new Closing(context, record);
        end = closing.Report(end);
        if (!options.DryRun)
        {
            supervisor.EndLeftovers();
        }

        temporary.Dispose();
        closing.WriteLines(end, time.GetElapsedTime(start));
        return end.ExitCode;
    }

    /// <summary>Where the program was started; the root where that folder has been removed since.</summary>
    private static string CurrentDirectory() => FileCalls.CurrentDirectory() is { Succeeded: true, Value: ['/', ..] } current ? current.Value : "/";

    /// <summary>The end of a run, whatever it is.</summary>
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
        catch (EntrypointException exception)
        {
            log.Debug(exception, "What led to the failure");
            return new RunEnd((int)exception.Code, exception.Message);
        }
        catch (Exception exception) when (FileFailure.Of(exception) is { } failure)
        {
            log.Debug(exception, "What led to the failure");
            return new RunEnd((int)failure.Code, failure.Message);
        }
        catch (Exception exception)
        {
            log.Error(exception, "What led to the failure");
            return new RunEnd((int)ExitCode.Software, $"A bug in entrypoint {EntrypointVersion.Text}: {exception.Message} Please report it with the lines above.");
        }
    }

    /// <summary>The log for what is wrong with the options: as they ask for, as far as that can be told.</summary>
    private static Serilog.Core.Logger LogOfUsageErrors(IReadOnlyCollection<string> words, ProcessEnvironment environment, Secrets secrets)
    {
        var format = words.Contains("--log-format=json")
            || words.Zip(words.Skip(1)).Contains(("--log-format", "json"))
            || environment["ENTRYPOINT_LOG_FORMAT"] == "json"
                ? LogFormat.Json
                : LogFormat.Text;
        var dryRun = words.TakeWhile(word => word != "--").Contains("--dry-run") || environment["ENTRYPOINT_DRY_RUN"] == "true";
        return Log.Create(format, Serilog.Events.LogEventLevel.Information, LogStream(dryRun), secrets, TimeZoneInfo.Local);
    }

    /// <summary>With <c>--dry-run</c> standard output is the plan's.</summary>
    private static int LogStream(bool dryRun) => dryRun ? RawOutput.StandardError : RawOutput.StandardOutput;
}

using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Preparation;
using Entrypoint.Processes;
using Entrypoint.Reporting;
using Entrypoint.Sources;

namespace Entrypoint;

/// <summary>What is said and written down when all is over.</summary>
internal sealed class Closing(FetchContext context, RunRecord record)
{
    /// <summary>Writes the report and, where the run failed, the termination message.</summary>
    /// <returns>The end, which is another one where the report cannot be written, no job has run, and all else went well.</returns>
    public RunEnd Report(RunEnd end)
    {
        if (context.Options.DryRun)
        {
            return end;
        }

        if (context.Options.ReportFile is { } file)
        {
            try
            {
                ReportFile.Write(file, RunReport.Of(record, end, record.Tree?.Project ?? context.Options.Settings.Lab.Project, context.Secrets).ToJson());
            }
            catch (EntrypointException exception) when (end.ExitCode == (int)ExitCode.Success && record.Job is null)
            {
                end = new RunEnd((int)exception.Code, exception.Message);
            }
            catch (EntrypointException exception) when (exception.Message != end.Failure)
            {
                context.Log.Error("{Message}", exception.Message);
            }
            catch (EntrypointException)
            {
                // That it cannot be written is what the run failed of, and is said at its end.
            }
        }

        if (end.ExitCode != (int)ExitCode.Success)
        {
            var message = end.Failure ?? $"Execution failed with exit code: {end.ExitCode}{(record.Job is { } job ? Reason(job) : "")}";
            TerminationMessage.Write(TerminationMessage.File, context.Secrets.Hide(message));
        }

        return end;
    }

    /// <summary>A line a step with its time, how the job ended, the elapsed time, and last of all why the run failed.</summary>
    public void WriteLines(RunEnd end, TimeSpan elapsed)
    {
        foreach (var step in record.Preparation.Steps)
        {
            context.Log.Information(
                "{Step}: {State} in {Seconds:0.000} s", step.Name, StateName(step.State), step.Duration.TotalSeconds);
        }

        if (record.Job is { Status.Succeeded: true, TimedOut: false })
        {
            context.Log.Information("Code execution finished successfully.");
        }
        else if (record.Job is { } job)
        {
            context.Log.Error("Execution failed with exit code: {ExitCode}{Reason}", end.ExitCode, Reason(job));
        }

        if (record.Job is { Status.Succeeded: false } && record.Preparation.Unread is { } unread)
        {
            context.Log.Information("{Line:l}", unread);
        }

        if (!context.Options.DryRun)
        {
            context.Log.Information("Elapsed time: {Elapsed}", Elapsed.Text(elapsed));
        }

        if (end.Failure is not null)
        {
            context.Log.Error("{Message}", end.Failure);
        }
    }

    private static string Reason(JobRecord job) => (job.TimedOut, job.Status.Signal) switch
    {
        (true, _) => $" (--timeout passed; {job.Status})",
        (false, { } signal) => $" (ended by signal {signal}, {Signals.Name(signal)})",
        _ => "",
    };

    private static string StateName(StepState state) => state.ToString().ToLowerInvariant();
}

using Entrypoint.Processes;
using Entrypoint.Sources;

namespace Entrypoint.Reporting;

/// <summary>What is said and written down when all is over.</summary>
internal sealed class Closing(FetchContext context, RunRecord record, TimeSpan elapsed)
{
    /// <summary>A line a step with its time, how the job ended, the elapsed time, and last of all why the run failed.</summary>
    public void WriteLines(RunEnd end)
    {
        foreach (var step in record.Steps)
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

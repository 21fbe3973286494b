using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Entrypoint.Linux;
using Entrypoint.Output;

namespace Entrypoint.Reporting;

/// <summary>What <c>--report</c> writes.</summary>
/// <param name="Source">As in the plan, with the resolved revision; null for the workspace, and where the reference could not be read.</param>
/// <param name="Job">Null where it did not run.</param>
/// <param name="Python">Null where no Python was looked for.</param>
/// <param name="ExitCode">What the program ends with.</param>
/// <param name="Failure">Null where the job ran, whatever it ended with, and where nothing was to be run.</param>
internal sealed record RunReport(
    JsonObject? Source,
    IReadOnlyList<RunReport.StepPart> Steps,
    RunReport.JobPart? Job,
    RunReport.PythonPart? Python,
    int ExitCode,
    RunReport.FailurePart? Failure,
    string EntrypointVersion)
{
    internal sealed record StepPart(string Name, ImmutableArray<string> Command, string State, int? ExitCode, string? StartedAt, double DurationSeconds);

    internal sealed record JobPart(ImmutableArray<string> Command, int ExitCode, int? Signal, double DurationSeconds, long MaxRssBytes);

    internal sealed record PythonPart(string Executable, string? Version);

    /// <param name="Code">The exit code.</param>
    internal sealed record FailurePart(int Code, string Message);

    /// <summary>The report of a run, without secrets.</summary>
    /// <param name="project">The Lab project; null where it had to be asked for.</param>
    public static RunReport Of(RunRecord record, RunEnd end, string? project, Secrets secrets)
    {
        string Clean(string text) => OsText.ToUnicode(secrets.Hide(text));
        ImmutableArray<string> CleanAll(IEnumerable<string> texts) => [.. texts.Select(Clean)];
        return new RunReport(
            record.Reference is { } reference ? Describe(SourceDescription.Of(reference, project, secrets), record.Tree?.ResolvedRevision) : null,
            [.. record.Preparation.Steps.Select(step => new StepPart(
                step.Name,
                CleanAll(step.Command),
                step.State.ToString().ToLowerInvariant(),
                step.ExitCode,
                step.StartedAt is { } start ? start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) : null,
                Seconds(step.Duration)))],
            record.Job is { } job
                ? new JobPart(CleanAll(job.Command), job.Status.ShellCode, job.Status.Signal, Seconds(job.Duration), job.Status.MaxRssBytes)
                : null,
            record.Preparation.PythonExecutable is { } python ? new PythonPart(Clean(python), record.Preparation.PythonVersion) : null,
            end.ExitCode,
            record.Job is null && end.Failure is { } message ? new FailurePart(end.ExitCode, Clean(message)) : null,
            Entrypoint.EntrypointVersion.Text);
    }

    /// <summary>The report as indented JSON.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, DocumentJson.Relaxed.RunReport), (byte)'\n'];

    private static JsonObject Describe(SourceDescription source, string? resolvedRevision)
    {
        var description = JsonSerializer.SerializeToNode(source, DocumentJson.Relaxed.SourceDescription)!.AsObject();
        description["resolvedRevision"] = resolvedRevision;
        return description;
    }

    private static double Seconds(TimeSpan duration) => Math.Round(duration.TotalSeconds, 6);
}

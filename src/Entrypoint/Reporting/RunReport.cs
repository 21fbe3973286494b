using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Output;

namespace Entrypoint.Reporting;

/// <summary>What <c>--report</c> writes (section 9 of the contract).</summary>
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

    /// <summary>
    /// Whether the report can be written is found out before the job runs for hours, not after: throws if its folder is not there or
    /// cannot be written to.
    /// </summary>
    /// <exception cref="EntrypointException">73.</exception>
    public static void RequirePlace(string file)
    {
        var folder = Path.GetDirectoryName(Target(file));
        var reason = OsFile.IsFolder(file) ? "it is a folder"
            : IsSpecial(file) ? null
            : folder is null || !OsFile.IsFolder(folder) ? $"there is no folder {folder}"
            : !FileCalls.MayWrite(folder) ? $"the folder {folder} cannot be written to"
            : null;
        if (reason is not null)
        {
            throw new EntrypointException(Failures.ExitCode.CannotCreate, $"Cannot write the report to {file}: {reason}. Make it, or name another place with --report.");
        }
    }

    /// <summary>Writes the report, whole or not at all.</summary>
    /// <exception cref="EntrypointException">73 or 74: it cannot be written.</exception>
    public void Write(string file)
    {
        RequirePlace(file);
        byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(this, DocumentJson.Relaxed.RunReport), (byte)'\n'];
        try
        {
            if (IsSpecial(file))
            {
                // A pipe or a device is written to, not replaced.
                File.WriteAllBytes(file, json);
            }
            else
            {
                AtomicFile.Write(Target(file), json);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EntrypointException(
                exception is IOException ? Failures.ExitCode.InputOutput : Failures.ExitCode.CannotCreate, $"Cannot write the report to {file}: {exception.Message}", exception);
        }
    }

    private static JsonObject Describe(SourceDescription source, string? resolvedRevision)
    {
        var description = JsonSerializer.SerializeToNode(source, DocumentJson.Relaxed.SourceDescription)!.AsObject();
        description["resolvedRevision"] = resolvedRevision;
        return description;
    }

    /// <summary>What a link leads to is replaced, not the link.</summary>
    private static string Target(string file) => new FileInfo(file).LinkTarget is null ? file : File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;

    private static bool IsSpecial(string file) => OsFile.IsFile(file) && !FileCalls.IsRegularFile(file);

    private static double Seconds(TimeSpan duration) => Math.Round(duration.TotalSeconds, 6);
}

using System.Collections.Immutable;
using System.Text.Json;
using Entrypoint.Linux;
using Entrypoint.Output;

namespace Entrypoint.Reporting;

/// <summary>What <c>--dry-run</c> prints.</summary>
/// <param name="Source">Null for the workspace.</param>
/// <param name="Mode">"full", "requirements-only", "code-only" or "workspace".</param>
/// <param name="Steps">Null where the code must be fetched or unpacked first.</param>
/// <param name="Command">The same, and null where nothing is run.</param>
internal sealed record Plan(
    SourceDescription? Source,
    string Mode,
    string WorkingDirectory,
    ImmutableArray<string> JobArguments,
    IReadOnlyList<Plan.Step>? Steps,
    IReadOnlyList<string>? Command)
{
    /// <param name="State">"run" or "unchanged".</param>
    internal sealed record Step(string Name, ImmutableArray<string> Command, string State);

    /// <summary>The plan as indented JSON, without secrets.</summary>
    public byte[] ToJson(Secrets secrets)
    {
        string Clean(string text) => OsText.ToUnicode(secrets.Hide(text));
        ImmutableArray<string> CleanAll(IEnumerable<string> texts) => [.. texts.Select(Clean)];
        var clean = this with
        {
            WorkingDirectory = Clean(WorkingDirectory),
            JobArguments = CleanAll(JobArguments),
            Steps = Steps?.Select(step => step with { Command = CleanAll(step.Command) }).ToList(),
            Command = Command is null ? null : CleanAll(Command),
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(clean, DocumentJson.Relaxed.Plan), (byte)'\n'];
    }
}

using System.Collections.Immutable;
using Entrypoint.Preparation;
using Entrypoint.Processes;
using Entrypoint.Sources;

namespace Entrypoint.Reporting;

/// <summary>A job (or workspace command) that ran to its end.</summary>
/// <param name="TimedOut">Whether it was stopped because its time was over.</param>
internal sealed record JobRecord(ImmutableArray<string> Command, ExitStatus Status, TimeSpan Duration, bool TimedOut);

/// <summary>What has happened in this run so far: what the closing log lines and the report are made from. Filled in by one thread.</summary>
internal sealed class RunRecord
{
    /// <summary>The parsed reference; null before it was parsed, and for the workspace.</summary>
    public CodeReference? Reference { get; set; }

    /// <summary>The fetched code; null before it was fetched.</summary>
    public CodeTree? Tree { get; set; }

    /// <summary>How the environment was prepared.</summary>
    public PreparationRecord Preparation { get; } = new();

    /// <summary>The job; null where it did not run to an end.</summary>
    public JobRecord? Job { get; set; }
}

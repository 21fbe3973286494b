using System.Collections.Immutable;
using Entrypoint.Processes;
using Entrypoint.Sources;

namespace Entrypoint.Reporting;

/// <summary>What became of a preparation step.</summary>
internal enum StepState
{
    /// <summary>It ran and succeeded.</summary>
    Done,

    /// <summary>Nothing had changed since it last succeeded.</summary>
    Unchanged,

    /// <summary>It ran and failed.</summary>
    Failed,

    /// <summary>It did not run: an earlier step failed, the run was stopped, or nothing was to be prepared.</summary>
    Skipped,
}

/// <summary>A preparation step whose file is there.</summary>
/// <param name="Name">The file: <c>environment.yml</c>, <c>setup.sh</c> or <c>requirements.txt</c>.</param>
/// <param name="Command">The command line.</param>
internal sealed record StepRecord(string Name, ImmutableArray<string> Command, StepState State)
{
    /// <summary>As in a shell; null where it did not run.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When it was started; null where it did not run.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}

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

    /// <summary>The steps whose files are there, in their order.</summary>
    public List<StepRecord> Steps { get; } = [];

    /// <summary>The interpreter; null before it is known.</summary>
    public string? PythonExecutable { get; set; }

    /// <summary>Its version; null before it is known, and where no report is asked for.</summary>
    public string? PythonVersion { get; set; }

    /// <summary>The job; null where it did not run to an end.</summary>
    public JobRecord? Job { get; set; }
}

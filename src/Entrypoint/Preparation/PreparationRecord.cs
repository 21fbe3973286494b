using System.Collections.Immutable;

namespace Entrypoint.Preparation;

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
/// <param name="Name">The file: <c>environment.yml</c>, <c>setup.sh</c>, or the one that the packages come from.</param>
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

/// <summary>What a preparation has done so far. Filled in by one thread.</summary>
internal sealed class PreparationRecord
{
    /// <summary>The steps whose files are there, in their order.</summary>
    public List<StepRecord> Steps { get; } = [];

    /// <summary>The line about packages that the code asks for and that were not installed; null where there are none.</summary>
    public string? Unread { get; set; }

    /// <summary>The interpreter; null before it is known.</summary>
    public string? PythonExecutable { get; set; }

    /// <summary>Its version; null before it is known, and where no report is asked for.</summary>
    public string? PythonVersion { get; set; }
}

using System.Collections.Immutable;
using Entrypoint.Linux;
using Entrypoint.Output;
using Entrypoint.Processes;

namespace Entrypoint.CommandLine;

/// <summary>How much of a run is wanted.</summary>
internal enum RunMode
{
    /// <summary>Prepare, then run.</summary>
    Full,

    /// <summary>Prepare, run nothing.</summary>
    RequirementsOnly,

    /// <summary>Run in the environment that an earlier preparation made.</summary>
    CodeOnly,

    /// <summary>No code is given: start the workspace itself.</summary>
    Workspace,
}

/// <summary>All that the arguments and the environment ask for: validated once, never changed.</summary>
internal sealed record Options
{
    /// <summary>The reference to the code as given; null in workspace mode.</summary>
    public string? Code { get; init; }

    /// <summary>Whether <see cref="Code"/> comes from <c>EXECUTE_CODE</c> and not from the command line.</summary>
    public bool CodeFromEnvironment { get; init; }

    public RunMode Mode { get; init; }

    /// <summary>Print the plan and do nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>A failed preparation step is a warning only.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Fetch only the files of <c>#subdirectory</c>.</summary>
    public bool Sparse { get; init; }

    /// <summary>Prepare again even when nothing has changed.</summary>
    public bool Refresh { get; init; }

    /// <summary>Remove from the state folder what nothing has used for so long, and end; null where that was not asked for.</summary>
    public TimeSpan? Prune { get; init; }

    /// <summary>Where the Python packages come from.</summary>
    public PackageChoice Dependencies { get; init; }

    /// <summary>The extras of the project that are wanted.</summary>
    public ImmutableArray<string> Extras { get; init; } = [];

    /// <summary>The dependency groups of the project that are wanted.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>How long a server may send nothing; <see cref="NoLimit"/> for as long as it likes.</summary>
    public TimeSpan FetchTimeout { get; init; } = DefaultFetchTimeout;

    /// <summary>The interpreter as given (name or path), or null for <c>python</c>, else <c>python3</c>.</summary>
    public string? Python { get; init; }

    /// <summary>The working directory of the job as given, or null for the usual one.</summary>
    public string? WorkDir { get; init; }

    /// <summary>How long the job may run; null for as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// How long a process told to stop may take before it is killed; null where none was given (none while the job runs,
    /// <see cref="Supervisor.DefaultGracePeriod"/> while preparing and after <see cref="Timeout"/>).
    /// </summary>
    public TimeSpan? GracePeriod { get; init; }

    /// <summary>Where the run report goes; null for nowhere.</summary>
    public string? ReportFile { get; init; }

    public LogFormat LogFormat { get; init; }

    public Serilog.Events.LogEventLevel LogLevel { get; init; } = Serilog.Events.LogEventLevel.Information;

    /// <summary>What follows <c>--</c>: the job's <c>sys.argv[1:]</c>, byte for byte (<see cref="OsText"/>).</summary>
    public ImmutableArray<string> JobArguments { get; init; } = [];

    public required Settings Settings { get; init; }

    /// <summary>How long a server may send nothing where nothing else was asked for.</summary>
    public static TimeSpan DefaultFetchTimeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Stands for no limit where a duration is needed: longer than anything runs.</summary>
    public static TimeSpan NoLimit { get; } = TimeSpan.FromDays(20);
}

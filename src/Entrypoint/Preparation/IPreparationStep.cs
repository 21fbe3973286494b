using System.Collections.Immutable;
using Entrypoint.Failures;

namespace Entrypoint.Preparation;

/// <summary>What a step would do, asked without doing it.</summary>
/// <param name="Command">The command line, for the plan and the report.</param>
/// <param name="IsUnchanged">Whether nothing has changed since it last succeeded, so that it has not to run.</param>
/// <param name="Runtime">What the job would run with afterwards, as far as that can be told now.</param>
internal sealed record StepOutlook(ImmutableArray<string> Command, bool IsUnchanged, PythonRuntime Runtime);

/// <summary>
/// One step of a preparation. The steps are folded over a runtime, each given what the one before it left: the plan only asks them, a run
/// asks and then applies or reuses, <c>--code-only</c> only reuses.
/// </summary>
internal interface IPreparationStep
{
    /// <summary>The file that it applies; its name in the plan and the report.</summary>
    string Name { get; }

    /// <summary>The command line as far as it is known before the steps ahead of it have run.</summary>
    ImmutableArray<string> ExpectedCommand { get; }

    /// <summary>Whether it has to know the interpreter that the steps before have chosen.</summary>
    bool NeedsPython { get; }

    /// <summary>The file whose lock keeps others from preparing the same; null where the one of the state folder does.</summary>
    string? LockFile { get; }

    /// <summary>What it would do. Changes nothing.</summary>
    /// <exception cref="EntrypointException">126 or 127: the interpreter cannot be asked.</exception>
    Task<StepOutlook> LookAsync(PythonRuntime before, CancellationToken cancellationToken);

    /// <summary>Does it, and returns what the job runs with afterwards. The preparation's lock is held meanwhile.</summary>
    /// <exception cref="EntrypointException">78: it failed; 73 or 74: the place for what it makes.</exception>
    Task<PythonRuntime> ApplyAsync(PythonRuntime before, StepProgress progress, CancellationToken cancellationToken);

    /// <summary>Takes what was made before, and returns what the job runs with; where there is nothing, a warning says so.</summary>
    Task<PythonRuntime> ReuseAsync(PythonRuntime before, CancellationToken cancellationToken);
}

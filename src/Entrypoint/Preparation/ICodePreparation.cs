using Entrypoint.Failures;
using Entrypoint.Sources;

namespace Entrypoint.Preparation;

/// <summary>A step as the plan shows it.</summary>
/// <param name="Unchanged">Whether it would be skipped because nothing has changed.</param>
internal sealed record PlannedStep(string Name, System.Collections.Immutable.ImmutableArray<string> Command, bool Unchanged);

/// <summary>Makes the environment that the code asks for.</summary>
internal interface ICodePreparation
{
    /// <summary>What <see cref="PrepareAsync"/> would do, and the interpreter that the job would have; changes nothing.</summary>
    Task<(IReadOnlyList<PlannedStep> Steps, PythonRuntime Runtime)> PlanAsync(CodeTree tree, CancellationToken cancellationToken);

    /// <summary>
    /// Applies <c>environment.yml</c>, <c>setup.sh</c> and <c>requirements.txt</c>, each if it is there, and writes down each in the
    /// record (those that did not run as <see cref="StepState.Skipped"/>). With <c>--code-only</c> it only finds and activates what an
    /// earlier preparation made.
    /// </summary>
    /// <exception cref="EntrypointException">78: a step failed; 127 or 126: no Python; 73 or 74: the state folder.</exception>
    /// <exception cref="OperationCanceledException">The run is being stopped.</exception>
    Task<PythonRuntime> PrepareAsync(CodeTree tree, PreparationRecord record, CancellationToken cancellationToken);
}

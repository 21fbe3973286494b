using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Runs <c>setup.sh</c> with bash, whatever its first line and its rights say, as <c>execute_code.py</c> did.</summary>
internal static class SetupScript
{
    /// <summary>The command, to be run in the code's folder.</summary>
    public static ImmutableArray<string> Command { get; } = ["/bin/bash", DependencyFiles.SetupName];

    /// <summary>Runs it; its output is this program's.</summary>
    /// <exception cref="EntrypointException">78: it failed.</exception>
    public static Task RunAsync(PreparationStep step, string folder, ProcessEnvironment environment, CancellationToken cancellationToken) =>
        step.RunAsync(
            new ProcessCommand(Command[0], Command[1..], environment) { WorkingDirectory = folder, Output = ChildOutput.Inherited },
            cancellationToken);
}

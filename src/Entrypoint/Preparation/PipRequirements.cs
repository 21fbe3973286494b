using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Installs <c>requirements.txt</c> with the pip of the Python that runs the job.</summary>
internal static class PipRequirements
{
    /// <summary>The command, to be run in the code's folder.</summary>
    public static ImmutableArray<string> Command(string interpreter) =>
        [interpreter, "-m", "pip", "install", "--no-cache-dir", "-r", DependencyFiles.RequirementsName];

    /// <summary>Runs it.</summary>
    /// <exception cref="EntrypointException">78: it failed.</exception>
    public static async Task InstallAsync(
        PreparationStep step, string interpreter, string folder, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        var command = Command(interpreter);
        var process = new ProcessCommand(command[0], command[1..], Quiet(environment)) { WorkingDirectory = folder, Output = ChildOutput.Shown };
        await step.RunAsync(process, cancellationToken).ConfigureAwait(false);
    }

    private static ProcessEnvironment Quiet(ProcessEnvironment environment) => environment
        .With("PIP_NO_INPUT", "1")
        .WithDefault("GIT_TERMINAL_PROMPT", "0")
        .WithDefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .WithDefault("PIP_ROOT_USER_ACTION", "ignore");
}

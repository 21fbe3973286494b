using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>How pip is called.</summary>
internal static class Pip
{
    /// <summary>Variables that make it install somewhere else than into its Python.</summary>
    public static readonly string[] Redirections = ["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"];

    /// <summary>All variables that decide where it installs to.</summary>
    private static readonly string[] Places = [.. Redirections, "PIP_USER", "PIP_SRC"];

    /// <summary>Runs a command of pip in the code's folder, and shows what it prints. The report has the last that was started.</summary>
    /// <param name="command">None: nothing is run.</param>
    /// <exception cref="EntrypointException">78: it failed.</exception>
    public static async Task RunAsync(ImmutableArray<string> command, PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        if (command is [var program, .. var arguments])
        {
            progress.ShowCommand(command);
            await progress.RunAsync(
                new ProcessCommand(program, arguments, Quiet(target.Environment)) { WorkingDirectory = target.CodeFolder, Output = ChildOutput.Shown },
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The environment in which it asks no questions and says nothing about itself.</summary>
    public static ProcessEnvironment Quiet(ProcessEnvironment environment) => environment
        .With("PIP_NO_INPUT", "1")
        .WithDefault("GIT_TERMINAL_PROMPT", "0")
        .WithDefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .WithDefault("PIP_ROOT_USER_ACTION", "ignore");

    /// <summary>The environment in which it installs into an environment of ours, whatever its settings say.</summary>
    /// <param name="checkouts">Where it checks out the code of editable packages.</param>
    public static ProcessEnvironment Into(ProcessEnvironment environment, string checkouts) =>
        environment.Without(Redirections).With("PIP_USER", "0").With("PIP_SRC", checkouts);

    /// <summary>Those of the variables that are set, as text.</summary>
    public static string PlacesSetIn(ProcessEnvironment environment) =>
        string.Join('\n', Places.Where(name => environment[name] is { Length: > 0 }).Select(name => $"{name}={environment[name]}"));
}

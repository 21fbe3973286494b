using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Processes;

namespace Entrypoint.Workspace;

/// <summary>What is started when there is no code to run: the workspace itself.</summary>
internal static class WorkspaceCommand
{
    private const string Shell = "/bin/sh";
    private const string Script = "scripts/run_workspace.py";

    /// <summary>
    /// <c>WORKSPACE_COMMAND</c>, a command line for the shell, or else <c>python $RESOURCES_PATH/scripts/run_workspace.py</c>; both with
    /// the job's arguments.
    /// </summary>
    /// <param name="settings">What the environment says.</param>
    /// <param name="jobArguments">What follows <c>--</c>.</param>
    /// <param name="python">The interpreter that was asked for, or null for <c>python</c>, else <c>python3</c>.</param>
    /// <exception cref="EntrypointException">The script (66) or the interpreter (127) is not there.</exception>
    public static (string Program, ImmutableArray<string> Arguments) Resolve(
        Settings settings, ImmutableArray<string> jobArguments, string? python = null)
    {
        if (settings.WorkspaceCommand is { } command)
        {
            return (Shell, ["-c", CommandLine(command, jobArguments), "sh", .. jobArguments]);
        }

        var script = Path.Combine(settings.CurrentDirectory, settings.ResourcesPath, Script);
        if (!File.Exists(script))
        {
            throw new EntrypointException(
                ExitCode.NoInput,
                $"No code is given, and the workspace cannot be started: its script {script} is not there. Name the code (EXECUTE_CODE, "
                + "or the first argument), or set WORKSPACE_COMMAND, or RESOURCES_PATH to the folder of the workspace's scripts.");
        }

        return (Interpreter(settings.Environment, python), [script, .. jobArguments]);
    }

    /// <summary>
    /// The command line with the arguments, which come as positional parameters, appended to it, unless it says itself where they go.
    /// Without arguments nothing is appended: an empty <c>"$@"</c> after <c>;</c> would be a command, and succeed.
    /// </summary>
    private static string CommandLine(string command, ImmutableArray<string> jobArguments) =>
        jobArguments.IsEmpty || ShellText.UsesPositionalParameters(command) ? command : $"{command.TrimEnd()} \"$@\"";

    private static string Interpreter(ProcessEnvironment environment, string? python)
    {
        string[] candidates = python is null ? ["python", "python3"] : [python];
        return candidates.Select(name => ProgramPath.TryFind(name, environment, out var path) ? path : null).FirstOrDefault(path => path is not null)
            ?? throw new EntrypointException(
                ExitCode.NotFound,
                $"The workspace cannot be started: {string.Join(" and ", candidates)} cannot be found on the PATH "
                + $"({environment.Get("PATH", ProgramPath.DefaultSearchPath)}). Install Python, or name the interpreter with --python.");
    }
}

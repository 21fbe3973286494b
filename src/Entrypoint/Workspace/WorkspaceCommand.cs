using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Preparation;

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
    /// <exception cref="EntrypointException">66: the script is not there; 126 or 127: no Python.</exception>
    public static (string Program, ImmutableArray<string> Arguments) Resolve(Options options)
    {
        var (settings, jobArguments) = (options.Settings, options.JobArguments);
        if (settings.WorkspaceCommand is { } command)
        {
            return (Shell, ["-c", CommandLine(command, jobArguments), "sh", .. jobArguments]);
        }

        var script = Path.Combine(settings.ResourcesPath, Script);
        if (!OsFile.IsFile(script))
        {
            throw new EntrypointException(
                ExitCode.NoInput,
                $"No code is given, and the workspace cannot be started: its script {script} is not there. Name the code (EXECUTE_CODE, "
                + "or the first argument), or set WORKSPACE_COMMAND, or RESOURCES_PATH to the folder of the workspace's scripts.");
        }

        return (PythonInterpreter.Find(options, settings.Environment), [script, .. jobArguments]);
    }

    /// <summary>
    /// The command line with the arguments, which come as positional parameters, appended to it, unless it says itself where they go.
    /// Without arguments nothing is appended: an empty <c>"$@"</c> after <c>;</c> would be a command, and succeed.
    /// </summary>
    private static string CommandLine(string command, ImmutableArray<string> jobArguments) =>
        jobArguments.IsEmpty || ShellText.UsesPositionalParameters(command) ? command : $"{command.TrimEnd()} \"$@\"";
}

using System.Text;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Processes;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>Runs the scripts of a conda environment, all in one shell as conda does, and takes over the variables that they set.</summary>
internal sealed class CondaScripts(IProcessRunner runner, ILogger log)
{
    private const string Bash = "/bin/bash";

    /// <summary>In the printed variables: the script that is running, so that it is known which one has ended the shell.</summary>
    private const string Running = "ENTRYPOINT_SCRIPT";

    /// <summary>In the printed variables: the scripts that failed, a line each.</summary>
    private const string Failed = "ENTRYPOINT_SCRIPTS_FAILED";

    /// <summary>Runs each script (which must not print into the list), and prints the variables however it ends.</summary>
    private const string Script = $$"""
        export {{Running}} {{Failed}}=
        trap '/usr/bin/env -0' EXIT
        for {{Running}} in "$@"; do
            . "${{Running}}" >&2 || {{Failed}}="${{Failed}}$? ${{Running}}"$'\n'
            set +eu
        done
        unset {{Running}}
        """;

    /// <summary>What the shell changes for itself, and what is ours.</summary>
    private static readonly string[] Kept = ["_", "SHLVL", "PWD", "OLDPWD", "BASH_ENV", Running, Failed];

    /// <summary>The environment after the scripts. One that fails is named in a warning, and the others count all the same.</summary>
    public async Task<ProcessEnvironment> RunAsync(IEnumerable<string> scripts, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        string[] rest = [.. scripts];
        while (rest.Length > 0)
        {
            if (await PrintAsync(rest, environment, cancellationToken).ConfigureAwait(false) is not { } printed)
            {
                return environment;
            }

            foreach (var line in printed.GetValueOrDefault(Failed, "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                log.Warning("The script {Script} of the conda environment ended with exit code {ExitCode}", line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..], line.Split(' ')[0]);
            }

            environment = Merge(environment, printed);
            if (!printed.TryGetValue(Running, out var last))
            {
                return environment;
            }

            log.Warning("The script {Script} of the conda environment ended the shell; the others are run without it", last);
            rest = rest[(Array.IndexOf(rest, last) + 1)..];
        }

        return environment;
    }

    /// <summary>The variables after the scripts; null where they are not known.</summary>
    private async Task<Dictionary<string, string>?> PrintAsync(string[] scripts, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        try
        {
            // BASH_ENV would run a script of the caller's before those of the environment.
            var command = new ProcessCommand(Bash, ["--noprofile", "--norc", "-c", Script, "activate", .. scripts], environment.Without("BASH_ENV"));
            var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
            if (result.Output.EndsWith('\0'))
            {
                return Read(result.Output);
            }

            log.Warning(
                "The scripts of the conda environment in {Folder} failed with {Status}: {Reason}",
                Path.GetDirectoryName(scripts[0]),
                result.Status.ToString(),
                FailureReason.Line(result.Error) ?? "no reason given");
        }
        catch (EntrypointException exception)
        {
            log.Warning("The scripts of the conda environment in {Folder} were not run: {Reason}", Path.GetDirectoryName(scripts[0]), exception.Message);
        }

        return null;
    }

    private static Dictionary<string, string> Read(string printed)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in printed.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.IndexOf('=', StringComparison.Ordinal) is var separator and > 0)
            {
                variables[entry[..separator]] = entry[(separator + 1)..];
            }
        }

        return variables;
    }

    private static ProcessEnvironment Merge(ProcessEnvironment before, Dictionary<string, string> after)
    {
        var removed = before.Variables.Select(variable => variable.Key).Where(name => !after.ContainsKey(name) && !Kept.Contains(name, StringComparer.Ordinal));
        var changed = after.Where(variable => !Kept.Contains(variable.Key, StringComparer.Ordinal) && !IsSame(before[variable.Key], variable.Value));
        return before.Without(removed).With(changed);
    }

    /// <summary>Printed is UTF-8; a value with other bytes must not lose them because it went through the shell.</summary>
    private static bool IsSame(string? before, string printed) =>
        before is not null && string.Equals(Encoding.UTF8.GetString(OsText.Encode(before)), printed, StringComparison.Ordinal);
}

using System.Globalization;
using System.Text.Json;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Processes;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// Does to an environment what <c>conda activate</c> does, without starting conda (half a second): <c>PATH</c>, <c>CONDA_PREFIX</c>,
/// <c>CONDA_DEFAULT_ENV</c>, <c>CONDA_SHLVL</c>, the variables that packages and the environment.yml set, and the <c>activate.d</c>
/// scripts (https://docs.conda.io/projects/conda/en/latest/dev-guide/deep-dives/activation.html). A shell is started only for these.
/// </summary>
internal sealed class CondaActivation(IProcessRunner runner, ILogger log)
{
    /// <summary>How conda writes down that a variable is to be unset.</summary>
    private const string Unset = "***unset***";

    private const string Bash = "/bin/bash";

    /// <summary>Runs each script (which must not print into the list) and prints the variables.</summary>
    private const string Script = """for script in "$@"; do . "$script" >&2; done; exec /usr/bin/env -0""";

    /// <summary>What the shell changes for itself.</summary>
    private static readonly string[] ShellVariables = ["_", "SHLVL", "PWD", "OLDPWD"];

    /// <summary>The environment with a prefix activated.</summary>
    /// <param name="name">The environment's name as conda would show it.</param>
    public async Task<ProcessEnvironment> ActivateAsync(string prefix, string name, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        var activated = WithPrefix(prefix, name, environment).With(Variables(prefix).Where(variable => variable.Value != Unset));
        activated = activated.Without(Variables(prefix).Where(variable => variable.Value == Unset).Select(variable => variable.Key));
        var folder = Path.Combine(prefix, "etc", "conda", "activate.d");
        var scripts = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.sh") : [];
        Array.Sort(scripts, StringComparer.Ordinal);
        return scripts.Length == 0 ? activated : await RunScriptsAsync(scripts, activated, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Without variables of its own and scripts: what is sure before the environment is there.</summary>
    public static ProcessEnvironment WithPrefix(string prefix, string name, ProcessEnvironment environment)
    {
        var level = int.TryParse(environment["CONDA_SHLVL"], NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        if (environment.TryGet("CONDA_PREFIX", out var previous))
        {
            level = Math.Max(level, 1);
            environment = environment.With($"CONDA_PREFIX_{level.ToString(CultureInfo.InvariantCulture)}", previous);
            var path = environment.Get("PATH", ProgramPath.DefaultSearchPath).Split(':');
            environment = environment.With("PATH", string.Join(':', path.Where(folder => folder != Path.Combine(previous, "bin"))));
        }

        return environment.WithPathPrefix(Path.Combine(prefix, "bin"))
            .With("CONDA_PREFIX", prefix)
            .With("CONDA_DEFAULT_ENV", name)
            .With("CONDA_PROMPT_MODIFIER", $"({name}) ")
            .With("CONDA_SHLVL", (level + 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Those of the packages first, then those of the environment.yml, which win.</summary>
    private List<KeyValuePair<string, string>> Variables(string prefix)
    {
        var folder = Path.Combine(prefix, "etc", "conda", "env_vars.d");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        Array.Sort(files, StringComparer.Ordinal);
        List<KeyValuePair<string, string>> variables = [.. files.SelectMany(file => Read(file, nested: null))];
        variables.AddRange(Read(Path.Combine(prefix, "conda-meta", "state"), nested: "env_vars"));

        // The last one counts; an environment takes the last of two as well, but unsetting must not follow an older setting.
        return [.. variables.GroupBy(variable => variable.Key, StringComparer.Ordinal).Select(group => group.Last())];
    }

    private List<KeyValuePair<string, string>> Read(string file, string? nested)
    {
        var variables = new List<KeyValuePair<string, string>>();
        if (!File.Exists(file))
        {
            return variables;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = document.RootElement;
            if (nested is not null && !(root.ValueKind == JsonValueKind.Object && root.TryGetProperty(nested, out root)))
            {
                return variables;
            }

            if (root.ValueKind == JsonValueKind.Object)
            {
                variables.AddRange(root.EnumerateObject()
                    .Where(property => property.Name.Length > 0 && !property.Name.Contains('=', StringComparison.Ordinal))
                    .Select(property => KeyValuePair.Create(
                        property.Name,
                        property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText())));
            }
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            log.Warning("Cannot read the variables of the conda environment in {File}: {Reason}", file, exception.Message);
        }

        return variables;
    }

    private async Task<ProcessEnvironment> RunScriptsAsync(string[] scripts, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        ProcessResult result;
        try
        {
            // BASH_ENV would run a script of the caller's before those of the environment.
            var command = new ProcessCommand(Bash, ["--noprofile", "--norc", "-c", Script, "activate", .. scripts], environment.Without("BASH_ENV"));
            result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (EntrypointException exception)
        {
            log.Warning("The activation scripts of the conda environment were not run: {Reason}", exception.Message);
            return environment;
        }

        if (!result.Succeeded || !result.Output.EndsWith('\0'))
        {
            log.Warning(
                "The activation scripts of the conda environment in {Folder} failed with {Status}: {Reason}",
                Path.GetDirectoryName(scripts[0]),
                result.Status.ToString(),
                FailureReason.Line(result.Error) ?? "no reason given");
            return environment;
        }

        return Merge(environment, result.Output);
    }

    private static ProcessEnvironment Merge(ProcessEnvironment before, string printed)
    {
        var after = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in printed.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.IndexOf('=', StringComparison.Ordinal) is var separator and > 0)
            {
                after[entry[..separator]] = entry[(separator + 1)..];
            }
        }

        string[] kept = [.. ShellVariables, "BASH_ENV"];
        var removed = before.Variables.Select(variable => variable.Key).Where(name => !after.ContainsKey(name) && !kept.Contains(name, StringComparer.Ordinal));
        var changed = after.Where(variable => !kept.Contains(variable.Key, StringComparer.Ordinal) && !IsSame(before[variable.Key], variable.Value));
        return before.Without(removed).With(changed);
    }

    /// <summary>Printed is UTF-8; a value with other bytes must not lose them because it went through the shell.</summary>
    private static bool IsSame(string? before, string printed) =>
        before is not null && string.Equals(System.Text.Encoding.UTF8.GetString(OsText.Encode(before)), printed, StringComparison.Ordinal);
}

using System.Globalization;
using System.Text.Json;
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

    private const string ScriptFolders = "etc/conda";

    private readonly CondaScripts _scripts = new(runner, log);

    /// <summary>The environment with a prefix activated.</summary>
    /// <param name="name">The environment's name as conda would show it.</param>
    public async Task<ProcessEnvironment> ActivateAsync(string prefix, string name, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        if (environment.TryGet("CONDA_PREFIX", out var outer) && outer != prefix && outer.StartsWith('/'))
        {
            environment = await LeaveAsync(outer, environment, cancellationToken).ConfigureAwait(false);
        }

        var variables = Variables(prefix);
        var activated = WithPrefix(prefix, name, environment)
            .With(variables.Where(variable => variable.Value != Unset))
            .Without(variables.Where(variable => variable.Value == Unset).Select(variable => variable.Key));
        return await _scripts.RunAsync(ScriptsIn(prefix, "activate.d"), activated, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The environment without what the activation of another prefix has set.</summary>
    private async Task<ProcessEnvironment> LeaveAsync(string prefix, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        var left = await _scripts.RunAsync(ScriptsIn(prefix, "deactivate.d").Reverse(), environment, cancellationToken).ConfigureAwait(false);
        return left.Without(Variables(prefix).Select(variable => variable.Key));
    }

    private static string[] ScriptsIn(string prefix, string name)
    {
        var folder = Path.Combine(prefix, ScriptFolders, name);
        var scripts = OsFile.IsFolder(folder) ? Directory.GetFiles(folder, "*.sh") : [];
        Array.Sort(scripts, StringComparer.Ordinal);
        return scripts;
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
        var files = OsFile.IsFolder(folder) ? Directory.GetFiles(folder, "*.json") : [];
        Array.Sort(files, StringComparer.Ordinal);
        List<KeyValuePair<string, string>> variables = [.. files.SelectMany(file => Read(file, nested: null))];
        variables.AddRange(Read(Path.Combine(prefix, "conda-meta", "state"), nested: "env_vars"));

        // The last one counts; an environment takes the last of two as well, but unsetting must not follow an older setting.
        return [.. variables.GroupBy(variable => variable.Key, StringComparer.Ordinal).Select(group => group.Last())];
    }

    private List<KeyValuePair<string, string>> Read(string file, string? nested)
    {
        var variables = new List<KeyValuePair<string, string>>();
        if (!OsFile.IsFile(file))
        {
            return variables;
        }

        try
        {
            using var document = JsonDocument.Parse(OsFile.ReadAllBytes(file));
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
}

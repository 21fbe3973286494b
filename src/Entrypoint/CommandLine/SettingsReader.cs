using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Output;
using Entrypoint.Processes;

namespace Entrypoint.CommandLine;

/// <summary>Reads the variables that are no options.</summary>
internal static class SettingsReader
{
    /// <exception cref="EntrypointException">64.</exception>
    public static Settings Read(ProcessEnvironment environment, string currentDirectory, Secrets secrets)
    {
        foreach (var (name, value) in environment.Variables)
        {
            secrets.LearnVariable(name, value);
        }

        var defaults = new Settings { Environment = environment, CurrentDirectory = currentDirectory, StateFolder = "" };
        string Folder(string name, string fallback) => Path.GetFullPath(environment.Get(name, fallback), currentDirectory);
        return defaults with
        {
            WorkspaceHome = Folder("WORKSPACE_HOME", defaults.WorkspaceHome),
            ResourcesPath = Folder("RESOURCES_PATH", defaults.ResourcesPath),
            CondaRoot = Folder("CONDA_ROOT", defaults.CondaRoot),
            DataEnvironment = Folder("DATA_ENVIRONMENT", defaults.DataEnvironment),
            StateFolder = Folder("ENTRYPOINT_STATE", DefaultStateFolder(environment)),
            CodeCache = environment.TryGet("ENTRYPOINT_CODE_CACHE", out var size) ? ValueReader.Size("ENTRYPOINT_CODE_CACHE", size) : 0,
            Git = environment.TryGet("ENTRYPOINT_GIT", out var engine) ? ValueReader.GitEngine("ENTRYPOINT_GIT", engine) : GitEngine.Automatic,
            FetchTries = environment.TryGet("ENTRYPOINT_FETCH_TRIES", out var tries) ? ValueReader.Tries("ENTRYPOINT_FETCH_TRIES", tries) : defaults.FetchTries,
            WorkspaceCommand = environment.TryGet("WORKSPACE_COMMAND", out var command) ? command : null,
            MaxNumThreads = environment.TryGet("MAX_NUM_THREADS", out var threads) ? threads : null,
            Lab = Lab(environment, currentDirectory, secrets),
        };
    }

    /// <summary>By the XDG base directory specification, in which a relative path counts as not set.</summary>
    private static string DefaultStateFolder(ProcessEnvironment environment)
    {
        if (environment.TryGet("XDG_STATE_HOME", out var state) && state.StartsWith('/'))
        {
            return Path.Combine(state, "entrypoint");
        }

        var home = environment.Get("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        return Path.Combine(home.Length > 0 ? home : "/", ".local/state/entrypoint");
    }

    private static LabSettings Lab(ProcessEnvironment environment, string currentDirectory, Secrets secrets)
    {
        string? First(params string[] names) =>
            names.Select(name => environment.TryGet(name, out var value) ? value.Trim() : null).FirstOrDefault(value => value is { Length: > 0 });

        var token = First("LAB_API_TOKEN", "CONTAXY_API_TOKEN");
        if (token is not null)
        {
            secrets.Add(token);
        }

        return new LabSettings
        {
            Endpoint = First("LAB_ENDPOINT"),
            ApiEndpoint = First("LAB_API_ENDPOINT", "CONTAXY_API_ENDPOINT"),
            Token = token is null ? null : new Secret(token),
            Project = First("LAB_PROJECT"),
            CaBundle = First("LAB_CA_BUNDLE") is { } bundle ? Existing(Path.GetFullPath(bundle, currentDirectory)) : null,
            Insecure = environment.TryGet("LAB_INSECURE", out var insecure) && ValueReader.Boolean("LAB_INSECURE", insecure),
        };
    }

    private static string Existing(string bundle) => OsFile.IsFile(bundle)
        ? bundle
        : throw new EntrypointException(ExitCode.Usage, $"LAB_CA_BUNDLE names {bundle}, which is not there: give a PEM file, or unset it.");
}

using Entrypoint.Output;
using Entrypoint.Processes;

namespace Entrypoint.CommandLine;

/// <summary>Which implementation fetches from Git.</summary>
internal enum GitEngine
{
    /// <summary>The <c>git</c> program where it is on the <c>PATH</c>, else the library.</summary>
    Automatic,
    Program,
    Library,
}

/// <summary>What the environment says that is no option of the command line.</summary>
internal sealed record Settings
{
    /// <summary>
    /// The environment that this program was started with; for the run with base URL and thread variables as the workspace wants them.
    /// </summary>
    public required ProcessEnvironment Environment { get; init; }

    /// <summary>The folder that this program was started in; absolute.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary><c>WORKSPACE_HOME</c>.</summary>
    public string WorkspaceHome { get; init; } = "/workspace";

    /// <summary><c>RESOURCES_PATH</c>.</summary>
    public string ResourcesPath { get; init; } = "/resources";

    /// <summary><c>CONDA_ROOT</c>.</summary>
    public string CondaRoot { get; init; } = "/opt/conda";

    /// <summary><c>DATA_ENVIRONMENT</c>.</summary>
    public string DataEnvironment { get; init; } = "/data";

    /// <summary><c>ENTRYPOINT_STATE</c>: stamps, locks, virtual environments. Need not exist.</summary>
    public required string StateFolder { get; init; }

    /// <summary><c>ENTRYPOINT_CODE_CACHE</c>: how much fetched code is kept, in bytes; 0 for none.</summary>
    public long CodeCache { get; init; }

    /// <summary><c>ENTRYPOINT_GIT</c>.</summary>
    public GitEngine Git { get; init; }

    /// <summary><c>ENTRYPOINT_FETCH_TRIES</c>: how often in all what a network or a busy server breaks is tried.</summary>
    public int FetchTries { get; init; } = 3;

    /// <summary><c>WORKSPACE_COMMAND</c>; null where it is not set.</summary>
    public string? WorkspaceCommand { get; init; }

    /// <summary><c>MAX_NUM_THREADS</c> as given; null where it is not set.</summary>
    public string? MaxNumThreads { get; init; }

    /// <summary>The connection to an ML Lab instance.</summary>
    public LabSettings Lab { get; init; } = new();
}

/// <summary>The variables of an ML Lab connection as they were given; null where not set or empty.</summary>
internal sealed record LabSettings
{
    /// <summary><c>LAB_ENDPOINT</c>: scheme (http where it lacks one), host and port of a first-generation Lab.</summary>
    public string? Endpoint { get; init; }

    /// <summary><c>LAB_API_ENDPOINT</c>, else <c>CONTAXY_API_ENDPOINT</c>: full base of a second-generation Lab.</summary>
    public string? ApiEndpoint { get; init; }

    /// <summary><c>LAB_API_TOKEN</c>, else <c>CONTAXY_API_TOKEN</c>.</summary>
    public Secret? Token { get; init; }

    /// <summary><c>LAB_PROJECT</c>.</summary>
    public string? Project { get; init; }

    /// <summary><c>LAB_CA_BUNDLE</c>: a PEM file with further authorities. It exists.</summary>
    public string? CaBundle { get; init; }

    /// <summary><c>LAB_INSECURE</c>: certificates are not checked.</summary>
    public bool Insecure { get; init; }

    /// <summary>Whether any endpoint is set, so that a reference can be a data key.</summary>
    public bool HasEndpoint => Endpoint is not null || ApiEndpoint is not null;
}

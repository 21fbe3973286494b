using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Processes;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// The conda environments of <c>environment.yml</c> files: <c>envs/entrypoint-DIGEST</c> below <c>CONDA_ROOT</c>, or in the state folder
/// where that cannot be written.
/// </summary>
internal sealed class CondaEnvironments
{
    private const string Folder = "envs";

    private readonly Settings _settings;
    private readonly StateFolder _state;
    private readonly ILogger _log;
    private readonly GenerationStore _generations;
    private readonly Trust _trust;
    private readonly StoreContext _context;

    public CondaEnvironments(Settings settings, StateFolder state, StoreContext context, ILogger log)
    {
        (_settings, _state, _context, _log) = (settings, state, context, log);
        _trust = new Trust(settings.CondaRoot, log);
        _generations = new GenerationStore(() => Places, isPrivate => isPrivate ? InState(state.MakeTemporaryFolder(Folder)) : MakePlace(), context);
    }

    private IEnumerable<GenerationPlace> Places => [Shared, .. _state.FoldersOf(Folder).Select(InState)];

    /// <summary>Where all users of the conda installation have them.</summary>
    public GenerationPlace Shared => new(SharedFolder, _trust, _context);

    private string SharedFolder => Path.Combine(_settings.CondaRoot, Folder);

    /// <summary>The environment of a content; null where it was never made, or not to the end.</summary>
    /// <param name="hold">Whether to hold it until this run ends.</param>
    public Generation? Find(ContentDigest content, bool hold) => _generations.Find(KeyOf(content), hold, _ => true);

    /// <summary>Where it would be made. Makes nothing.</summary>
    public string ExpectedPlace(ContentDigest content) =>
        Path.Combine(Writability.MayCreate(SharedFolder) ? SharedFolder : _state.ExpectedPlace(Folder), KeyOf(content));

    /// <summary>Starts a new one.</summary>
    /// <param name="isPrivate">Whether it is for this run alone.</param>
    /// <exception cref="EntrypointException">73 or 74: it cannot be made.</exception>
    public Task<GenerationBuild> BeginAsync(ContentDigest content, bool isPrivate) => _generations.BeginAsync(KeyOf(content), isPrivate);

    /// <summary>Removes what is superseded and held by nobody, and the lock file that a start which was killed has left.</summary>
    public Task RemoveAbandonedAsync(ContentDigest content)
    {
        if (FindLockFile(content) is { } file)
        {
            StateLock.RemoveAbandoned(file);
        }

        return _generations.RemoveUnnamedAsync(KeyOf(content));
    }

    /// <summary>The name that conda would show: environments outside of its own folder are known by their path.</summary>
    public string ShownName(string prefix) =>
        string.Equals(Path.GetDirectoryName(prefix), SharedFolder, StringComparison.Ordinal) ? Path.GetFileName(prefix) : prefix;

    /// <summary>The command that makes it.</summary>
    public ImmutableArray<string> Command(string prefix, string file) =>
        [CondaProgram.Find(_settings) ?? "conda", "env", "create", "-p", prefix, "-f", file];

    /// <summary>
    /// The file whose lock keeps others from making it at the same time: beside it, since other users with other state folders share it.
    /// </summary>
    public string LockFile(ContentDigest content) => Path.Combine(MakePlace().Folder, $".{KeyOf(content)}.lock");

    /// <summary>The same where somebody holds it; null where nobody does.</summary>
    public string? FindLockFile(ContentDigest content) =>
        Places.Select(place => Path.Combine(place.Folder, $".{KeyOf(content)}.lock")).FirstOrDefault(OsFile.IsFile);

    /// <summary>Makes it.</summary>
    /// <exception cref="EntrypointException">78: it cannot be made.</exception>
    public async Task CreateAsync(
        StepProgress progress, string prefix, DependencyFiles files, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        if (CondaProgram.Find(_settings) is null)
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{files.Environment} could not be applied: none of mamba, micromamba and conda is on the PATH, in CONDA_EXE, or in bin and condabin of {_settings.CondaRoot}. Install one, or set CONDA_ROOT.");
        }

        var command = Command(prefix, files.Environment!);
        var process = new ProcessCommand(command[0], command[1..], Quiet(environment, prefix)) { WorkingDirectory = files.Folder, Output = ChildOutput.Shown };
        await progress.RunAsync(process, cancellationToken).ConfigureAwait(false);
    }

    private static string KeyOf(ContentDigest content) => $"entrypoint-{content.Name}";

    private GenerationPlace InState(string folder) => new(folder, _state.Trust, _context);

    /// <summary>The place to make one in; it exists.</summary>
    private GenerationPlace MakePlace()
    {
        if (Writability.MayCreate(SharedFolder))
        {
            try
            {
                Rights.MakeFolder(SharedFolder);
                if (_trust.AcceptsFolder(SharedFolder))
                {
                    return Shared;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _log.Debug("Cannot make {Folder}: {Reason}", SharedFolder, exception.Message);
            }
        }

        return InState(_state.MakeFolder(Folder));
    }

    /// <summary>conda, mamba and micromamba ask no questions then, and the code of editable packages is checked out into the environment.</summary>
    private static ProcessEnvironment Quiet(ProcessEnvironment environment, string prefix) => environment
        .With("CONDA_ALWAYS_YES", "true")
        .With("MAMBA_ALWAYS_YES", "true")
        .With("MAMBA_NO_BANNER", "1")
        .With("PIP_NO_INPUT", "1")
        .With("PIP_USER", "0")
        .Without(Pip.Redirections)
        .WithDefault("PIP_SRC", Path.Combine(prefix, "src"))
        .WithDefault("GIT_TERMINAL_PROMPT", "0")
        .WithDefault("CONDA_NOTIFY_OUTDATED_CONDA", "false");
}

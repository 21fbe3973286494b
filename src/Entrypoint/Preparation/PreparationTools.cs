using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Processes;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>What planning and preparing both work with.</summary>
internal sealed class PreparationTools
{
    private readonly HomeFolder _home;

    public PreparationTools(Options options, IProcessRunner runner, TemporaryFolders temporary, StoreContext store)
    {
        (Options, Runner, Temporary, Store) = (options, runner, temporary, store);
        _home = new HomeFolder(temporary);
        State = new StateFolder(options.Settings.StateFolder, temporary, store.Log);
        Lock = new PreparationLock(store);
        Activation = new CondaActivation(runner, store.Log);
        Inspection = new PythonInspection(runner, State, store.Log, mayKeep: !options.DryRun, options.Refresh);
        CondaEnvironments = new CondaEnvironments(options.Settings, State, store, store.Log);
        VirtualEnvironments = new VirtualEnvironments(State, store, store.Log);
        Checkouts = State.Generations("checkouts", store);
    }

    public Options Options { get; }

    public bool IsCodeOnly => Options.Mode == RunMode.CodeOnly;

    public IProcessRunner Runner { get; }

    public TemporaryFolders Temporary { get; }

    public StoreContext Store { get; }

    public ILogger Log => Store.Log;

    public TimeProvider Time => Store.Time;

    public StateFolder State { get; }

    /// <summary>Keeps other starts from preparing the same.</summary>
    public PreparationLock Lock { get; }

    public CondaActivation Activation { get; }

    public PythonInspection Inspection { get; }

    public CondaEnvironments CondaEnvironments { get; }

    public VirtualEnvironments VirtualEnvironments { get; }

    /// <summary>All places with something that can be thrown away.</summary>
    public IEnumerable<GenerationPlace> Places => [CondaEnvironments.Shared, .. State.Places(Store)];

    /// <summary>Code of editable packages that was fetched for Pythons that are not ours.</summary>
    public GenerationStore Checkouts { get; }

    /// <summary>The conda environment that this run builds, until it is named.</summary>
    public UnfinishedConda? UnfinishedConda { get; set; }

    /// <summary>The environment that this program was started with.</summary>
    public ProcessEnvironment Inherited => Options.Settings.Environment;

    /// <summary>
    /// The environment with a home that pip and conda can write to, and with a user of its own where this one is not known: they fetch over
    /// SSH what a requirement names so.
    /// </summary>
    public ProcessEnvironment WithHome(ProcessEnvironment environment) => _home.AddTo(UserEntry.AddTo(environment, () => Temporary.Create("user")));

    /// <summary>The version of an interpreter; null where it does not say.</summary>
    public async Task<string?> VersionAsync(PythonRuntime runtime, CancellationToken cancellationToken)
    {
        try
        {
            return (await Inspection.AskAsync(runtime.Interpreter, runtime.Environment, cancellationToken).ConfigureAwait(false))?.Version;
        }
        catch (EntrypointException exception)
        {
            Log.Debug("{Reason}", exception.Message);
            return null;
        }
    }
}

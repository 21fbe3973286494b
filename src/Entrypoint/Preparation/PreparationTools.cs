using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Processes;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>What planning and preparing both work with.</summary>
internal sealed class PreparationTools(Options options, IProcessRunner runner, TemporaryFolders temporary, ILogger log, TimeProvider time)
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private string? _home;

    public Options Options => options;

    public IProcessRunner Runner => runner;

    public ILogger Log => log;

    public TimeProvider Time => time;

    public StateFolder State { get; } = new(options.Settings.StateFolder, temporary, log);

    /// <summary>The environment that this program was started with.</summary>
    public ProcessEnvironment Inherited => options.Settings.Environment;

    /// <summary>With <c>--refresh</c> what was made before this run does not count, but what another start makes meanwhile does.</summary>
    public DateTimeOffset? NotBefore => options.Refresh ? _start : null;

    public CondaActivation Activation { get; } = new(runner, log);

    /// <summary>Keeps other starts from preparing the same.</summary>
    public PreparationLock Lock { get; } = new(log, time);

    public PythonInspection Inspection => field ??= new PythonInspection(runner, State, log, keeps: !options.DryRun);

    public CondaEnvironments NewCondaEnvironments(ContentDigest content) => new(options.Settings, State, Lock, log, content.Name);

    /// <summary>The version of an interpreter; null where it does not say.</summary>
    public async Task<string?> VersionAsync(PythonRuntime runtime, CancellationToken cancellationToken)
    {
        try
        {
            return (await Inspection.AskAsync(runtime.Interpreter, runtime.Environment, cancellationToken).ConfigureAwait(false))?.Version;
        }
        catch (EntrypointException exception)
        {
            log.Debug("{Reason}", exception.Message);
            return null;
        }
    }

    /// <summary>
    /// The environment with a home for pip and conda: without one they write into a folder called "~" in the code's folder. Where the user
    /// database knows none either, it is a temporary one.
    /// </summary>
    public ProcessEnvironment WithHome(ProcessEnvironment environment)
    {
        if (environment.TryGet("HOME", out var _))
        {
            return environment;
        }

        if (_home is null)
        {
            var known = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            _home = Directory.Exists(known) ? known : temporary.Create("home");
        }

        return environment.With("HOME", _home);
    }
}

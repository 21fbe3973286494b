using Entrypoint.Processes;
using Serilog;

namespace Entrypoint.Store;

/// <summary>What one run does with all that is kept.</summary>
/// <param name="Refresh">Whether what was kept before this run does not count; what another start keeps meanwhile does.</param>
internal sealed record StoreContext(ILogger Log, TimeProvider Time, bool Refresh)
{
    /// <summary>Set for the programs that prepare something, so that they can be told when their starter was killed and they were not.</summary>
    private const string Variable = "ENTRYPOINT_PREPARING";

    /// <summary>The name of this run in what it leaves while it prepares.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("N");

    /// <summary>What the job uses, held until this run ends.</summary>
    public required Leases Leases { get; init; }

    private readonly Dictionary<string, string> _outdated = new(StringComparer.Ordinal);
    private int _warnings;

    /// <summary>
    /// Whether something does not count because of <c>--refresh</c>: it was the one of its key when that was looked for first. What another
    /// start makes meanwhile counts. (No clock is asked: those of two machines may differ.)
    /// </summary>
    /// <param name="identity">What tells it from the next of the same key.</param>
    public bool IsOutdated(string key, string identity)
    {
        if (!Refresh)
        {
            return false;
        }

        lock (_outdated)
        {
            _ = _outdated.TryAdd(key, identity);
            return _outdated[key] == identity;
        }
    }

    /// <summary>Says once that there are no locks.</summary>
    public void WarnOfMissingLocks(string path)
    {
        if (Interlocked.Increment(ref _warnings) == 1)
        {
            Log.Warning("There are no locks (flock) at {Path}: starts at the same time may each prepare the same environment, and only --prune removes old ones.", path);
        }
    }

    /// <summary>The environment of a program that prepares something.</summary>
    public ProcessEnvironment Mark(ProcessEnvironment environment) => environment.With(Variable, Token);

    /// <summary>Ends what programs that prepared something have left running, so that they change nothing any more.</summary>
    public Task EndAbandonedProcessesAsync() => EndAbandonedProcessesAsync(Token);

    /// <summary>The same for the programs of another run, which was killed.</summary>
    public Task EndAbandonedProcessesAsync(string token) => AbandonedProcesses.EndAsync(Variable, token, Time);
}

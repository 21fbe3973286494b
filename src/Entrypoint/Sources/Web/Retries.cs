using Serilog;

namespace Entrypoint.Sources.Web;

/// <summary>Tries again what a network or a busy server broke.</summary>
internal sealed class Retries(int tries, ILogger log, TimeProvider time)
{
    private readonly FetchRetry _retry = new(
        tries,
        time,
        exception => exception is ServerUnavailableException { Silent: false },
        (exception, pause, next) => log.Warning("{Problem} Trying again in {Pause:0.0} s ({Try} of {Tries}).", exception.Message, pause.TotalSeconds, next, tries))
    {
        AskedPause = exception => (exception as ServerUnavailableException)?.RetryAfter,
    };

    /// <summary>Runs one piece of work.</summary>
    /// <param name="attempt">Throws <see cref="ServerUnavailableException"/> where another try may help.</param>
    /// <exception cref="ServerUnavailableException">The last try failed like those before it.</exception>
    public Task<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken) =>
        _retry.RunAsync(attempt, cancellationToken);
}

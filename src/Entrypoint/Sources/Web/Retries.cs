using Polly;
using Polly.Retry;
using Serilog;

namespace Entrypoint.Sources.Web;

/// <summary>Tries again what a network or a busy server broke, with growing pauses, a bounded number of times.</summary>
internal sealed class Retries(int tries, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>A server that asks for more is not waited for so long at once.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Runs one piece of work.</summary>
    /// <param name="attempt">Throws <see cref="ServerUnavailableException"/> where another try may help.</param>
    /// <exception cref="ServerUnavailableException">The last try failed like those before it.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        if (tries <= 1)
        {
            return await attempt(cancellationToken).ConfigureAwait(false);
        }

        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ServerUnavailableException>(exception => !exception.Silent),
                MaxRetryAttempts = tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                DelayGenerator = static arguments => ValueTask.FromResult(
                    (arguments.Outcome.Exception as ServerUnavailableException)?.RetryAfter is { } asked
                        ? TimeSpan.FromTicks(Math.Min(asked.Ticks, LongestPause.Ticks))
                        : (TimeSpan?)null),
                OnRetry = arguments =>
                {
                    log.Warning(
                        "{Problem} Trying again in {Pause:0.0} s ({Try} of {Tries}).",
                        arguments.Outcome.Exception!.Message,
                        arguments.RetryDelay.TotalSeconds,
                        arguments.AttemptNumber + 2,
                        tries);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        return await pipeline.ExecuteAsync(attempt, cancellationToken).ConfigureAwait(false);
    }
}

using Polly;
using Polly.Retry;

namespace Entrypoint.Sources;

/// <summary>What the network broke is tried again, a bounded number of times, with growing pauses.</summary>
/// <param name="tries">How often in all.</param>
/// <param name="isTransient">Whether another try may succeed after a failure.</param>
/// <param name="onRetry">Called before each pause with the failure, the length of the pause, and the number of the try that comes.</param>
internal sealed class FetchRetry(int tries, TimeProvider time, Func<Exception, bool> isTransient, Action<Exception, TimeSpan, int> onRetry)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>A server that asks for more is not waited for so long at once.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>How long a server asks to be left alone after a failure; null where it does not say.</summary>
    public Func<Exception?, TimeSpan?> AskedPause { get; init; } = _ => null;

    /// <summary>Runs one piece of work; the last try's failure is its own.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        if (tries < 2)
        {
            return await attempt(cancellationToken).ConfigureAwait(false);
        }

        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } exception && isTransient(exception)),
                DelayGenerator = arguments => ValueTask.FromResult(
                    AskedPause(arguments.Outcome.Exception) is { } asked ? TimeSpan.FromTicks(Math.Min(asked.Ticks, LongestPause.Ticks)) : (TimeSpan?)null),
                OnRetry = arguments =>
                {
                    onRetry(arguments.Outcome.Exception!, arguments.RetryDelay, arguments.AttemptNumber + 2);
                    return default;
                },
            })
            .Build();
        return await pipeline.ExecuteAsync(attempt, cancellationToken).ConfigureAwait(false);
    }
}

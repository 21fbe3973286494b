using Polly;
using Polly.Retry;

namespace Entrypoint.Sources;

/// <summary>What the network broke is tried again, with growing pauses.</summary>
internal static class FetchRetry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>A pipeline that tries again.</summary>
    /// <param name="tries">How often in all, from 2 on.</param>
    /// <param name="isTransient">Whether another attempt may succeed.</param>
    /// <param name="onRetry">Called before each pause with the failure and the length of the pause.</param>
    public static ResiliencePipeline Create(int tries, TimeProvider time, Func<Exception, bool> isTransient, Action<Exception, TimeSpan> onRetry) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = tries - 1,
                Delay = FirstPause,
                BackoffType = DelayBackoffType.Exponential,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } exception && isTransient(exception)),
                OnRetry = arguments =>
                {
                    onRetry(arguments.Outcome.Exception!, arguments.RetryDelay);
                    return default;
                },
            })
            .Build();
}

using Polly;
using Polly.Retry;

namespace Entrypoint.Sources;

/// <summary>What the network broke is tried again: three times in all, with growing pauses.</summary>
internal static class FetchRetry
{
    /// <summary>How often in all.</summary>
    public const int Attempts = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>A pipeline that tries again.</summary>
    /// <param name="isTransient">Whether another attempt may succeed.</param>
    /// <param name="onRetry">Called before each pause with the failure and the length of the pause.</param>
    public static ResiliencePipeline Create(TimeProvider time, Func<Exception, bool> isTransient, Action<Exception, TimeSpan> onRetry) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Attempts - 1,
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

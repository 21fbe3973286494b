using Entrypoint.Failures;

namespace Entrypoint.Preparation;

/// <summary>Applies one step of a run if it is not unchanged.</summary>
/// <param name="takeLock">Takes the preparation's lock; true where it was taken only now.</param>
internal sealed class StepAttempt(IPreparationStep step, StepProgress progress, Func<Task<bool>> takeLock, PreparationTools tools)
{
    /// <summary>Returns what the job runs with afterwards. With <c>--keep-going</c> a failure is a warning, and changes nothing.</summary>
    /// <exception cref="EntrypointException">78: it failed; 73 or 74: the place for what it makes.</exception>
    public async Task<PythonRuntime> RunAsync(PythonRuntime before, CancellationToken cancellationToken)
    {
        try
        {
            return await ApplyAsync(before, cancellationToken).ConfigureAwait(false);
        }
        catch (EntrypointException exception)
        {
            progress.MarkFailed();
            if (!tools.Options.KeepGoing)
            {
                throw;
            }

            tools.Log.Warning("{Reason} Going on all the same (--keep-going).", exception.Message);
            return before;
        }
    }

    private async Task<PythonRuntime> ApplyAsync(PythonRuntime before, CancellationToken cancellationToken)
    {
        var outlook = await step.LookAsync(before, cancellationToken).ConfigureAwait(false);
        if (!outlook.IsUnchanged && await takeLock().ConfigureAwait(false))
        {
            // Another start may have done it while this one waited.
            outlook = await step.LookAsync(before, cancellationToken).ConfigureAwait(false);
        }

        progress.ShowCommand(outlook.Command);
        if (outlook.IsUnchanged)
        {
            progress.MarkUnchanged();
            return await step.ReuseAsync(before, cancellationToken).ConfigureAwait(false);
        }

        var after = await step.ApplyAsync(before, progress, cancellationToken).ConfigureAwait(false);
        progress.MarkDone();
        return after;
    }
}

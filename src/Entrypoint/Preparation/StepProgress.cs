using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Processes;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>What becomes of one step of a run: runs its commands, and writes down in the record how they ended.</summary>
/// <param name="index">Its place among the record's steps.</param>
internal sealed class StepProgress(PreparationRecord record, int index, IProcessRunner runner, ILogger log, TimeProvider time)
{
    private long _start;

    /// <summary>The name of its file.</summary>
    public string Name => record.Steps[index].Name;

    private StepRecord Current
    {
        get => record.Steps[index];
        set => record.Steps[index] = value;
    }

    /// <summary>Writes a step down as one that did not run (yet).</summary>
    public static StepProgress Add(PreparationRecord record, string name, ImmutableArray<string> command, IProcessRunner runner, ILogger log, TimeProvider time)
    {
        record.Steps.Add(new StepRecord(name, command, StepState.Skipped));
        return new StepProgress(record, record.Steps.Count - 1, runner, log, time);
    }

    /// <summary>Writes down which command it is, now that it is known.</summary>
    public void ShowCommand(ImmutableArray<string> command) => Current = Current with { Command = command };

    /// <summary>Writes down that nothing had to be done.</summary>
    public void MarkUnchanged()
    {
        Current = Current with { State = StepState.Unchanged };
        log.Information("Nothing has changed since {Step} was applied", Name);
    }

    /// <summary>Writes down that it failed, where it did before it could run anything.</summary>
    public void MarkFailed()
    {
        if (Current.State == StepState.Skipped)
        {
            Current = Current with { State = StepState.Failed };
        }
    }

    /// <summary>Writes down that it succeeded, unless it has found meanwhile that nothing had to be done.</summary>
    public void MarkDone()
    {
        if (Current.State != StepState.Unchanged)
        {
            Finish(StepState.Done, 0);
        }
    }

    /// <summary>Runs a command of the step. Until <see cref="MarkDone"/> the step counts as failed.</summary>
    /// <exception cref="EntrypointException">78: it failed.</exception>
    public async Task<ProcessResult> RunAsync(ProcessCommand command, CancellationToken cancellationToken)
    {
        if (Current.StartedAt is null)
        {
            _start = time.GetTimestamp();
            Current = Current with { StartedAt = time.GetUtcNow(), State = StepState.Failed };
        }

        var text = ShellWords.Join(command.CommandLine);
        log.Information("Executing: {Command}", text);
        ProcessResult result;
        try
        {
            result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (EntrypointException exception) when (exception.Code is ExitCode.CannotExecute or ExitCode.NotFound)
        {
            Finish(StepState.Failed, (int)exception.Code);
            throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{Name} could not be applied: {text} ended with exit code {(int)exception.Code}: {exception.Message}",
                exception);
        }
        catch (OperationCanceledException)
        {
            Finish(StepState.Failed, null);
            throw;
        }

        if (!result.Succeeded)
        {
            Finish(StepState.Failed, result.Status.ShellCode);
            throw new EntrypointException(ExitCode.PreparationFailed, $"{Name} could not be applied: {text} ended with {Describe(result, command)}");
        }

        return result;
    }

    private static string Describe(ProcessResult result, ProcessCommand command)
    {
        var status = result.Status.Signal is null ? $"exit code {result.Status.Code}" : $"exit code {result.Status.ShellCode}, {result.Status}";
        var reason = FailureReason.Line(result.Output) is { } line ? $": {line.TrimEnd('.')}." : ".";
        var isConda = command.Environment["CONDA_PREFIX"] is { Length: > 0 } prefix && command.Program.StartsWith(prefix + "/", StringComparison.Ordinal);
        var hint = FailureReason.Hint(result.Status, result.Output, isConda) is { } words ? $" {words}" : "";
        return $"{status}{reason}{hint}";
    }

    private void Finish(StepState state, int? exitCode) =>
        Current = Current with { State = state, ExitCode = exitCode, Duration = time.GetElapsedTime(_start) };
}

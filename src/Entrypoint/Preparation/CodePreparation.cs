using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Processes;
using Entrypoint.Sources;
using Entrypoint.Store;
using Serilog.Events;

namespace Entrypoint.Preparation;

/// <summary>Makes the environment that code asks for, step by step, and reuses what was made before.</summary>
internal sealed class CodePreparation(Options options, IProcessRunner runner, TemporaryFolders temporary, StoreContext store) : ICodePreparation
{
    /// <summary>The steps in their order. Each is looked for when its turn comes, since setup.sh may have written its file.</summary>
    private static readonly Func<PreparationTools, PreparedCode, IPreparationStep?>[] Steps = [CondaStep.Find, SetupStep.Find, PackagesStep.Find];

    private readonly PreparationTools _tools = new(options, runner, temporary, store);

    public async Task<(IReadOnlyList<PlannedStep> Steps, PythonRuntime Runtime)> PlanAsync(CodeTree tree, CancellationToken cancellationToken)
    {
        var code = new PreparedCode(tree, _tools);
        _ = SayUnread(code);
        DependencyFiles.WarnOfPassedOver(tree, options.Dependencies, store.Log);
        if (options.Mode == RunMode.CodeOnly)
        {
            return ([], ForJob(await ReuseAsync(code, cancellationToken).ConfigureAwait(false)));
        }

        var runtime = new PythonRuntime(_tools.Inherited, null);
        var planned = new List<PlannedStep>();
        foreach (var step in Steps.Select(find => find(_tools, code)).OfType<IPreparationStep>())
        {
            var outlook = await step.LookAsync(ForStep(step, runtime), cancellationToken).ConfigureAwait(false);
            planned.Add(new PlannedStep(step.Name, outlook.Command, outlook.IsUnchanged));
            runtime = outlook.Runtime;
        }

        return (planned, ForJob(runtime));
    }

    /// <summary>Removes what nothing has used for so long and nobody holds.</summary>
    /// <param name="age">How long.</param>
    /// <returns>What was removed; with <c>--dry-run</c> what would be.</returns>
    public Task<IReadOnlyList<Pruned>> PruneAsync(TimeSpan age)
    {
        if (!options.DryRun)
        {
            _tools.State.RemoveAbandonedLocks();
        }

        return new Pruning(store, age).RunAsync(_tools.Places, options.DryRun);
    }

    public async Task<PythonRuntime> PrepareAsync(CodeTree tree, PreparationRecord record, CancellationToken cancellationToken)
    {
        var code = new PreparedCode(tree, _tools);
        record.Unread = SayUnread(code);
        DependencyFiles.WarnOfPassedOver(tree, options.Dependencies, store.Log);

        // Each step whose file is there is in the record from the start, so that none is missing when an earlier one fails.
        var progress = Steps.Select(find => find(_tools, code)).Select(step => step is null ? null : Add(step, record)).ToArray();
        var runtime = options.Mode == RunMode.CodeOnly
            ? await ReuseAsync(code, cancellationToken).ConfigureAwait(false)
            : await ApplyAsync(code, progress, record, cancellationToken).ConfigureAwait(false);
        _tools.State.RemoveAbandonedLocks();
        return ForJob(await WriteDownAsync(runtime, record, cancellationToken).ConfigureAwait(false));
    }

    private async Task<PythonRuntime> ApplyAsync(
        PreparedCode code, StepProgress?[] progress, PreparationRecord record, CancellationToken cancellationToken)
    {
        store.Log.Information("Searching requirements at path {Path}", code.Tree.Main);
        if (code is { Packages: UnusableSource { Failure: var failure }, Files.Setup: null } && !options.KeepGoing)
        {
            // Nothing can change that any more: it is said before anything is made.
            throw failure;
        }

        RequirePrograms(code);
        using var held = _tools.Lock;
        var isThrough = false;
        try
        {
            var runtime = await FoldAsync(code, progress, record, cancellationToken).ConfigureAwait(false);
            isThrough = true;
            return runtime;
        }
        finally
        {
            await (_tools.UnfinishedConda?.CloseAsync(isThrough) ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// What cannot but be missing later is said before anything is made: bash for setup.sh, and the Python where no conda environment has
    /// one. (An image that is only prepared, and asks for no packages, may get its Python later.)
    /// </summary>
    /// <exception cref="EntrypointException">78, 126 or 127.</exception>
    private void RequirePrograms(PreparedCode code)
    {
        if (code.Files.Setup is { } setup && !options.KeepGoing && !ProgramPath.IsExecutableFile(SetupStep.Shell))
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed, $"{setup} cannot be applied: there is no {SetupStep.Shell} here that runs it; {Packages.Install(Packages.Bash)}.");
        }

        if (code.Files.Environment is null && (options.Mode != RunMode.RequirementsOnly || code.Packages is not null))
        {
            _ = PythonInterpreter.Find(options, _tools.Inherited);
        }
    }

    private async Task<PythonRuntime> FoldAsync(
        PreparedCode code, StepProgress?[] progress, PreparationRecord record, CancellationToken cancellationToken)
    {
        var runtime = new PythonRuntime(_tools.Inherited, null);
        for (var index = 0; index < Steps.Length; index++)
        {
            if (Steps[index](_tools, code) is not { } step)
            {
                continue;
            }

            runtime = ForStep(step, runtime);
            if (step.NeedsPython)
            {
                _ = await WriteDownAsync(runtime, record, cancellationToken).ConfigureAwait(false);
            }

            var attempt = new StepAttempt(step, progress[index] ?? Add(step, record), () => TakeLockAsync(code, cancellationToken), _tools);
            runtime = await attempt.RunAsync(runtime, cancellationToken).ConfigureAwait(false);
            if (step is SetupStep)
            {
                code.Refresh();
            }
        }

        return runtime;
    }

    /// <summary>Says that the code asks for packages which are not installed; returns the line, for a job that fails of it.</summary>
    private string? SayUnread(PreparedCode code)
    {
        if (code.Unread is not { } source)
        {
            return null;
        }

        var line = $"{source.Name} {source.Summary}: it is not read unless that is asked for. --dependencies auto (ENTRYPOINT_DEPENDENCIES=auto) reads it.";
        store.Log.Write(options.Mode == RunMode.RequirementsOnly ? LogEventLevel.Warning : LogEventLevel.Information, "{Line:l}", line);
        return line;
    }

    /// <summary>Applies nothing, and takes what an earlier preparation made.</summary>
    private async Task<PythonRuntime> ReuseAsync(PreparedCode code, CancellationToken cancellationToken)
    {
        var runtime = new PythonRuntime(_tools.Inherited, null);
        foreach (var step in Steps.Select(find => find(_tools, code)).OfType<IPreparationStep>())
        {
            runtime = await step.ReuseAsync(ForStep(step, runtime), cancellationToken).ConfigureAwait(false);
        }

        return runtime;
    }

    private Task<bool> TakeLockAsync(PreparedCode code, CancellationToken cancellationToken) =>
        _tools.Lock.TakeAsync(LockFiles(code), code.Tree.Folder, cancellationToken);

    /// <summary>Beside what a step makes in a place that has its own, else in the state folder.</summary>
    private IEnumerable<string?> LockFiles(PreparedCode code)
    {
        foreach (var find in Steps)
        {
            yield return find(_tools, code)?.LockFile;
        }

        yield return _tools.State.LockFile(code.First.Name);
    }

    private StepProgress Add(IPreparationStep step, PreparationRecord record) =>
        StepProgress.Add(record, step.Name, step.ExpectedCommand, runner, store.Log, store.Time);

    private PythonRuntime ForStep(IPreparationStep step, PythonRuntime runtime) => step.NeedsPython ? WithPython(runtime) : runtime;

    /// <summary>With the usual Python where none was chosen.</summary>
    /// <exception cref="EntrypointException">126 or 127: none.</exception>
    private PythonRuntime WithPython(PythonRuntime runtime) =>
        runtime.ChosenInterpreter is null ? runtime with { ChosenInterpreter = PythonInterpreter.Find(options, runtime.Environment) } : runtime;

    /// <summary>
    /// Python writes what it prints at once, so that a job's log can be followed. An image that is only prepared may get its Python later.
    /// </summary>
    private PythonRuntime ForJob(PythonRuntime runtime)
    {
        var known = options.Mode == RunMode.RequirementsOnly ? runtime : WithPython(runtime);
        return known with { Environment = known.Environment.WithDefault("PYTHONUNBUFFERED", "1") };
    }

    /// <summary>Writes down which Python it is.</summary>
    private async Task<PythonRuntime> WriteDownAsync(PythonRuntime runtime, PreparationRecord record, CancellationToken cancellationToken)
    {
        var known = options.Mode == RunMode.RequirementsOnly ? runtime : WithPython(runtime);
        if (known.ChosenInterpreter is { } interpreter)
        {
            record.PythonExecutable = interpreter;
            record.PythonVersion = options.ReportFile is null ? null : await _tools.VersionAsync(known, cancellationToken).ConfigureAwait(false);
        }

        return known;
    }
}

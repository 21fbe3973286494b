using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>Makes the conda environment of <c>environment.yml</c>, and enters it.</summary>
internal sealed class CondaStep(PreparationTools tools, PreparedCode code) : IPreparationStep
{
    public string Name => code.Files.Environment!;

    public ImmutableArray<string> ExpectedCommand =>
        Environments.Command(Environments.Find(code.First, hold: false)?.Path ?? Environments.ExpectedPlace(code.First), Name);

    public bool NeedsPython => false;

    public string? LockFile => Environments.LockFile(code.First);

    private CondaEnvironments Environments => tools.CondaEnvironments;

    /// <summary>The step, where its file is there.</summary>
    public static IPreparationStep? Find(PreparationTools tools, PreparedCode code) =>
        code.Files.Environment is null ? null : new CondaStep(tools, code);

    public Task<StepOutlook> LookAsync(PythonRuntime before, CancellationToken cancellationToken)
    {
        var found = Find();
        var prefix = found?.Path ?? Environments.ExpectedPlace(code.First);
        var own = PythonOf(prefix);
        var runtime = new PythonRuntime(
            CondaActivation.WithPrefix(prefix, Environments.ShownName(prefix), before.Environment),
            found is null || OsFile.IsFile(own) ? own : null)
        {
            Conda = new CondaPrefix(prefix, found?.Note),
        };
        return Task.FromResult(new StepOutlook(Environments.Command(prefix, Name), found is not null, runtime));
    }

    public async Task<PythonRuntime> ApplyAsync(PythonRuntime before, StepProgress progress, CancellationToken cancellationToken)
    {
        var build = await Environments.BeginAsync(code.First, code.IsForThisRun).ConfigureAwait(false);
        try
        {
            progress.ShowCommand(Environments.Command(build.Path, Name));
            tools.Log.Information("Installing conda environment from {File}", code.Files.PathOf(Name));
            var environment = tools.Store.Mark(tools.WithHome(before.Environment));
            await Environments.CreateAsync(progress, build.Path, code.Files, environment, cancellationToken).ConfigureAwait(false);
            var unfinished = new UnfinishedConda(build);
            var runtime = await EnterAsync(new CondaPrefix(build.Path, null) { Unfinished = unfinished }, before, cancellationToken).ConfigureAwait(false);
            tools.UnfinishedConda = unfinished;
            return runtime;
        }
        finally
        {
            if (tools.UnfinishedConda is null)
            {
                await build.DiscardAsync().ConfigureAwait(false);
            }
        }
    }

    public async Task<PythonRuntime> ReuseAsync(PythonRuntime before, CancellationToken cancellationToken)
    {
        var found = Find();
        if (found is null && !tools.Options.DryRun && Environments.FindLockFile(code.First) is { } file)
        {
            // It is being made by another start right now, which is waited for.
            (await StateLock.AcquireAsync([file], code.Files.Folder, tools.Store, cancellationToken).ConfigureAwait(false))?.Dispose();
            found = Find();
        }

        if (found is not null)
        {
            if (!tools.Options.DryRun)
            {
                await Environments.RemoveAbandonedAsync(code.First).ConfigureAwait(false);
            }

            return await EnterAsync(new CondaPrefix(found.Path, found.Note), before, cancellationToken).ConfigureAwait(false);
        }

        tools.Log.Warning(
            "The conda environment of {File} has not been prepared, so the code runs in the environment that is there. To prepare it, run entrypoint --requirements-only with the same code before.",
            code.Files.PathOf(Name));
        return before;
    }

    private Generation? Find() => code.First.HasUnknownParts && !tools.IsCodeOnly ? null : Environments.Find(code.First, !tools.Options.DryRun);

    private async Task<PythonRuntime> EnterAsync(CondaPrefix conda, PythonRuntime before, CancellationToken cancellationToken)
    {
        var name = Environments.ShownName(conda.Path);
        var environment = await tools.Activation.ActivateAsync(conda.Path, name, before.Environment, cancellationToken).ConfigureAwait(false);
        var own = PythonOf(conda.Path);
        if (new FileInfo(own) is { Exists: false, LinkTarget: null })
        {
            // Made without a Python: the usual one, seen from within.
            return new PythonRuntime(environment, null);
        }

        return ProgramPath.IsExecutableFile(own)
            ? new PythonRuntime(environment, own) { Conda = conda }
            : throw new EntrypointException(
                ExitCode.CannotExecute, $"Cannot run the code with {own} of its conda environment: this user may not execute it. Prepare the environment again as this user (--refresh).");
    }

    private static string PythonOf(string prefix) => Path.Combine(prefix, "bin", "python");
}

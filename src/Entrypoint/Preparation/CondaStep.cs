using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Makes the conda environment of <c>environment.yml</c>, and enters it.</summary>
internal sealed class CondaStep(PreparationTools tools, DependencyFiles files, CondaEnvironments environments) : IPreparationStep
{
    public string Name => files.Environment!;

    public ImmutableArray<string> ExpectedCommand => environments.Command(environments.Find(null) ?? environments.PlaceOfNew(), Name);

    public bool NeedsPython => false;

    /// <summary>Beside the environment, since other users with other state folders share that.</summary>
    public string LockFile => environments.LockFile(environments.Find(notBefore: null) ?? environments.MakePlace());

    /// <summary>The step, where its file is there.</summary>
    public static IPreparationStep? Find(PreparationTools tools, PreparedCode code) =>
        code.Files.Environment is null ? null : new CondaStep(tools, code.Files, tools.NewCondaEnvironments(code.First));

    public Task<StepOutlook> LookAsync(PythonRuntime before, CancellationToken cancellationToken)
    {
        var found = environments.Find(tools.NotBefore);
        var prefix = found ?? environments.PlaceOfNew();
        var own = PythonOf(prefix);
        var interpreter = found is null || File.Exists(own) ? own : null;
        var environment = CondaActivation.WithPrefix(prefix, environments.ShownName(prefix), before.Environment);
        return Task.FromResult(new StepOutlook(environments.Command(prefix, Name), found is not null, new PythonRuntime(environment, interpreter)));
    }

    public async Task<PythonRuntime> ApplyAsync(PythonRuntime before, StepProgress progress, CancellationToken cancellationToken)
    {
        var prefix = environments.MakePlace();
        progress.ShowCommand(environments.Command(prefix, Name));
        tools.Log.Information("Installing conda environment from {File}", files.PathOf(Name));
        await environments.BuildAsync(progress, prefix, files, tools.WithHome(before.Environment), cancellationToken).ConfigureAwait(false);
        return await EnterAsync(prefix, before, cancellationToken).ConfigureAwait(false);
    }

    public async Task<PythonRuntime> ReuseAsync(PythonRuntime before, CancellationToken cancellationToken)
    {
        if (!tools.Options.DryRun && environments.Find(notBefore: null) is null && environments.FindIncomplete() is { } incomplete)
        {
            // It is being made by another start right now, which is waited for.
            using var other = await StateLock.AcquireAsync(
                [environments.LockFile(incomplete)], files.Folder, tools.Log, tools.Time, cancellationToken).ConfigureAwait(false);
        }

        if (environments.Find(notBefore: null) is { } prefix)
        {
            return await EnterAsync(prefix, before, cancellationToken).ConfigureAwait(false);
        }

        tools.Log.Warning(
            "The conda environment of {File} has not been prepared, so the code runs in the environment that is there. To prepare it, run entrypoint --requirements-only with the same code before.",
            files.PathOf(Name));
        return before;
    }

    private async Task<PythonRuntime> EnterAsync(string prefix, PythonRuntime before, CancellationToken cancellationToken)
    {
        var environment = await tools.Activation.ActivateAsync(prefix, environments.ShownName(prefix), before.Environment, cancellationToken).ConfigureAwait(false);
        var own = PythonOf(prefix);
        if (new FileInfo(own) is { Exists: false, LinkTarget: null })
        {
            // Made without a Python: the usual one, seen from within.
            return new PythonRuntime(environment, null);
        }

        return ProgramPath.IsExecutableFile(own)
            ? new PythonRuntime(environment, own)
            : throw new EntrypointException(
                ExitCode.CannotExecute, $"Cannot run the code with {own} of its conda environment: this user may not execute it. Prepare the environment again as this user (--refresh).");
    }

    private static string PythonOf(string prefix) => Path.Combine(prefix, "bin", "python");
}

using System.Collections.Immutable;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Installs the Python packages that the code asks for, with the Python that will run the job.</summary>
internal sealed class PackagesStep(PreparationTools tools, PreparedCode code, IPackageSource source) : IPreparationStep
{
    public string Name => source.Name;

    public ImmutableArray<string> ExpectedCommand => source.Command(tools.Options.Python ?? "python");

    public bool NeedsPython => true;

    public string? LockFile => null;

    /// <summary>The step, where there is a source.</summary>
    public static IPreparationStep? Find(PreparationTools tools, PreparedCode code) =>
        code.Packages is { } source ? new PackagesStep(tools, code, source) : null;

    public async Task<StepOutlook> LookAsync(PythonRuntime before, CancellationToken cancellationToken)
    {
        var facts = await FactsAsync(before, cancellationToken).ConfigureAwait(false);
        var installation = NewInstallation(before, facts);
        if (source.InstallsNothing)
        {
            installation.Require();
            return new StepOutlook([], IsUnchanged: true, before);
        }

        var unchanged = installation.FindUnchanged();
        if (unchanged is null)
        {
            installation.Require();
        }

        var runtime = unchanged ?? installation.Plan();
        return new StepOutlook(source.Command(runtime.Interpreter), unchanged is not null, runtime);
    }

    public async Task<PythonRuntime> ApplyAsync(PythonRuntime before, StepProgress progress, CancellationToken cancellationToken)
    {
        tools.Log.Information("Installing requirements from {File}", code.Files.PathOf(Name));
        var facts = await FactsAsync(before, cancellationToken).ConfigureAwait(false);
        return await NewInstallation(before, facts).InstallAsync(progress, cancellationToken).ConfigureAwait(false);
    }

    public async Task<PythonRuntime> ReuseAsync(PythonRuntime before, CancellationToken cancellationToken)
    {
        if (source.InstallsNothing)
        {
            return before;
        }

        var installation = NewInstallation(before, await FactsAsync(before, cancellationToken).ConfigureAwait(false));
        await installation.RemoveSupersededAsync().ConfigureAwait(false);
        if ((tools.IsCodeOnly ? installation.FindPrepared() : installation.FindUnchanged()) is { } found)
        {
            return found;
        }

        tools.Log.Warning(
            "The packages of {File} have not been prepared for {Python}, so the code runs with those that are there. To prepare them, run entrypoint --requirements-only with the same code before.",
            code.Files.PathOf(Name),
            before.Interpreter);
        return before;
    }

    private async Task<PythonFacts?> FactsAsync(PythonRuntime before, CancellationToken cancellationToken) =>
        ProgramPath.IsExecutableFile(before.Interpreter)
            ? await tools.Inspection.AskAsync(before.Interpreter, before.Environment, cancellationToken).ConfigureAwait(false)
            : null;

    private PackageInstallation NewInstallation(PythonRuntime before, PythonFacts? facts) => new(tools, code, source, before, facts);
}

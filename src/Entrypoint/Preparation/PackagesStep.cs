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
        var installation = NewInstallation(before);
        var unchanged = installation.FindUnchanged(tools.NotBefore);
        var runtime = unchanged
            ?? (ProgramPath.IsExecutableFile(before.Interpreter) ? await installation.PlanAsync(cancellationToken).ConfigureAwait(false) : before);
        return new StepOutlook(source.Command(runtime.Interpreter), unchanged is not null, runtime);
    }

    public Task<PythonRuntime> ApplyAsync(PythonRuntime before, StepProgress progress, CancellationToken cancellationToken)
    {
        tools.Log.Information("Installing requirements from {File}", code.Files.PathOf(Name));
        return NewInstallation(before).InstallAsync(progress, cancellationToken);
    }

    public Task<PythonRuntime> ReuseAsync(PythonRuntime before, CancellationToken cancellationToken) =>
        Task.FromResult(NewInstallation(before).FindPrepared());

    private PackageInstallation NewInstallation(PythonRuntime before) => new(tools, code, source, before);
}

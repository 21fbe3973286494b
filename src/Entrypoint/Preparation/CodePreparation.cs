using Entrypoint.CommandLine;
using Entrypoint.Processes;
using Entrypoint.Sources;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>Makes the environment that code asks for, in three steps, and reuses what was made before.</summary>
internal sealed class CodePreparation(Options options, IProcessRunner runner, TemporaryFolders temporary, ILogger log, TimeProvider time)
    : ICodePreparation
{
    private readonly PreparationTools _tools = new(options, runner, temporary, log, time);

    public async Task<(IReadOnlyList<PlannedStep> Steps, PythonRuntime Runtime)> PlanAsync(CodeTree tree, CancellationToken cancellationToken)
    {
        var files = DependencyFiles.Find(tree);
        var content = ContentDigest.Of(files, _tools.Inherited);
        var notBefore = _tools.NotBefore;
        var environment = _tools.Inherited;
        var steps = new List<PlannedStep>();
        string? interpreter = null;
        if (files.Environment is { } file && _tools.NewCondaEnvironment(content) is var conda)
        {
            var found = conda.Find(notBefore);
            var prefix = found ?? conda.PlaceOfNew();
            steps.Add(new PlannedStep(file, conda.Command(prefix, file), found is not null));
            if (found is not null || options.Mode != RunMode.CodeOnly)
            {
                environment = CondaActivation.WithPrefix(prefix, conda.ShownName(prefix), environment);
                interpreter = found is null || File.Exists(Path.Combine(prefix, "bin", "python")) ? Path.Combine(prefix, "bin", "python") : null;
            }
        }

        if (files.Setup is not null)
        {
            steps.Add(new PlannedStep(DependencyFiles.SetupName, SetupScript.Command, Unchanged: false));
        }

        if (options.Mode == RunMode.RequirementsOnly && files.Requirements is null)
        {
            return (steps, new PythonRuntime("python", environment));
        }

        var runtime = new PythonRuntime(interpreter ?? PythonInterpreter.Find(options, environment), environment);
        if (files.Requirements is not null)
        {
            var installation = _tools.NewInstallation(content, content, runtime);
            var unchanged = installation.FindUnchanged(notBefore);
            runtime = unchanged
                ?? (options.Mode == RunMode.CodeOnly ? installation.FindPrepared()
                    : ProgramPath.IsExecutableFile(runtime.Interpreter) ? await installation.PlanAsync(cancellationToken).ConfigureAwait(false)
                    : runtime);
            steps.Add(new PlannedStep(DependencyFiles.RequirementsName, PipRequirements.Command(runtime.Interpreter), unchanged is not null));
        }

        return (options.Mode == RunMode.CodeOnly ? [] : steps, PreparationTools.ForJob(runtime));
    }

    public async Task<PythonRuntime> PrepareAsync(CodeTree tree, PreparationRecord record, CancellationToken cancellationToken)
    {
        using var run = new PreparationRun(_tools, tree, record, cancellationToken);
        return PreparationTools.ForJob(options.Mode == RunMode.CodeOnly
            ? await run.ReuseAsync().ConfigureAwait(false)
            : await run.PrepareAsync().ConfigureAwait(false));
    }
}

using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Processes;
using Entrypoint.Reporting;
using Entrypoint.Sources;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>Makes the environment that code asks for, in three steps, and reuses what was made before.</summary>
internal sealed class CodePreparation(Options options, IProcessRunner runner, TemporaryFolders temporary, ILogger log, TimeProvider time)
    : ICodePreparation
{
    private readonly StateFolder _state = new(options.Settings.StateFolder, temporary, log);
    private readonly CondaActivation _activation = new(runner, log);

    private ProcessEnvironment Inherited => options.Settings.Environment;

    public Task<(IReadOnlyList<PlannedStep> Steps, PythonRuntime Runtime)> PlanAsync(CodeTree tree, CancellationToken cancellationToken)
    {
        var files = DependencyFiles.Find(tree);
        var environment = Inherited;
        var steps = new List<PlannedStep>();
        string? interpreter = null;
        if (files.Environment is { } file && NewCondaEnvironment(files) is var conda)
        {
            var found = conda.Find();
            var prefix = found ?? conda.PlaceOfNew();
            steps.Add(new PlannedStep(file, conda.Command(prefix, file), found is not null && !options.Refresh));
            if (found is not null || options.Mode != RunMode.CodeOnly)
            {
                environment = CondaActivation.WithPrefix(prefix, conda.ShownName(prefix), environment);
                interpreter = Path.Combine(prefix, "bin", "python");
            }
        }

        if (files.Setup is not null)
        {
            steps.Add(new PlannedStep(DependencyFiles.SetupName, SetupScript.Command, Unchanged: false));
        }

        interpreter ??= PythonInterpreter.Find(options, environment);
        if (files.Requirements is not null)
        {
            steps.Add(new PlannedStep(DependencyFiles.RequirementsName, PipRequirements.Command(interpreter), Unchanged: false));
        }

        return Task.FromResult<(IReadOnlyList<PlannedStep>, PythonRuntime)>((options.Mode == RunMode.CodeOnly ? [] : steps, Runtime(interpreter, environment)));
    }

    public async Task<PythonRuntime> PrepareAsync(CodeTree tree, RunRecord record, CancellationToken cancellationToken)
    {
        var files = DependencyFiles.Find(tree);
        var conda = files.Environment is null ? null : NewCondaEnvironment(files);
        PreparationStep? Step(string? name, Func<ImmutableArray<string>> command) =>
            name is null ? null : PreparationStep.Add(record, name, command(), runner, log, time);
        var environmentStep = Step(files.Environment, () => conda!.Command(conda.Find() ?? conda.PlaceOfNew(), files.Environment!));
        var setupStep = Step(files.Setup, () => SetupScript.Command);
        var requirementsStep = Step(files.Requirements, () => PipRequirements.Command(options.Python ?? "python"));

        if (options.Mode != RunMode.CodeOnly)
        {
            log.Information("Searching requirements at path {Path}", tree.Main);
        }

        var environment = Inherited;
        string? prefix = null;
        if (environmentStep is not null && conda is not null)
        {
            prefix = conda.Find();
            if (options.Mode == RunMode.CodeOnly)
            {
                if (prefix is null)
                {
                    log.Warning(
                        "No conda environment has been prepared for {File} of this code: it runs in the environment that is there. To prepare it, run entrypoint --requirements-only with the same code first.",
                        files.PathOf(files.Environment!));
                }
            }
            else if (prefix is not null && !options.Refresh)
            {
                environmentStep.IsUnchanged();
            }
            else
            {
                log.Information("Installing conda environment from {File}", files.PathOf(files.Environment!));
                prefix = await AttemptAsync(
                    async () =>
                    {
                        var place = conda.MakePlace();
                        environmentStep.Is(conda.Command(place, files.Environment!));
                        await conda.BuildAsync(environmentStep, place, files, environment, cancellationToken).ConfigureAwait(false);
                        environmentStep.IsDone();
                        return place;
                    }).ConfigureAwait(false);
            }

            if (prefix is not null)
            {
                environment = await _activation.ActivateAsync(prefix, conda.ShownName(prefix), environment, cancellationToken).ConfigureAwait(false);
            }
        }

        if (setupStep is not null && options.Mode != RunMode.CodeOnly)
        {
            log.Information("Running setup from {File}", files.PathOf(DependencyFiles.SetupName));
            await AttemptAsync(
                async () =>
                {
                    await SetupScript.RunAsync(setupStep, files.Folder, environment, cancellationToken).ConfigureAwait(false);
                    setupStep.IsDone();
                    return "";
                }).ConfigureAwait(false);
        }

        if (options.Mode == RunMode.RequirementsOnly && requirementsStep is null)
        {
            return Runtime("python", environment);
        }

        var interpreter = FindInterpreter(prefix, environment);
        record.PythonExecutable = interpreter;
        if (requirementsStep is not null && options.Mode != RunMode.CodeOnly)
        {
            requirementsStep.Is(PipRequirements.Command(interpreter));
            log.Information("Installing requirements from {File}", files.PathOf(DependencyFiles.RequirementsName));
            await AttemptAsync(
                async () =>
                {
                    await PipRequirements.InstallAsync(requirementsStep, interpreter, files.Folder, environment, cancellationToken).ConfigureAwait(false);
                    requirementsStep.IsDone();
                    return "";
                }).ConfigureAwait(false);
        }

        return Runtime(interpreter, environment);
    }

    private CondaEnvironment NewCondaEnvironment(DependencyFiles files) =>
        new(options.Settings, _state, log, ContentDigest.Of(files, Inherited).Name);

    private string FindInterpreter(string? prefix, ProcessEnvironment environment) =>
        prefix is not null && Path.Combine(prefix, "bin", "python") is var own && ProgramPath.IsExecutableFile(own)
            ? own
            : PythonInterpreter.Find(options, environment);

    private static PythonRuntime Runtime(string interpreter, ProcessEnvironment environment) =>
        new(interpreter, environment.WithDefault("PYTHONUNBUFFERED", "1"));

    /// <summary>With <c>--keep-going</c> a failure is a warning, and the result null.</summary>
    private async Task<string?> AttemptAsync(Func<Task<string>> attempt)
    {
        try
        {
            return await attempt().ConfigureAwait(false);
        }
        catch (EntrypointException exception) when (options.KeepGoing)
        {
            log.Warning("{Reason} Going on all the same (--keep-going).", exception.Message);
            return null;
        }
    }
}

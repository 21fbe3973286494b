using System.Collections.Immutable;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Runs <c>setup.sh</c> with bash every time, whatever its first line and its rights say, as <c>execute_code.py</c> did.</summary>
internal sealed class SetupStep(PreparationTools tools, DependencyFiles files) : IPreparationStep
{
    /// <summary>What runs it.</summary>
    public const string Shell = "/bin/bash";

    public string Name => DependencyFiles.SetupName;

    public ImmutableArray<string> ExpectedCommand { get; } = [Shell, DependencyFiles.SetupName];

    public bool NeedsPython => false;

    public string? LockFile => null;

    /// <summary>The step, where its file is there.</summary>
    public static IPreparationStep? Find(PreparationTools tools, PreparedCode code) =>
        code.Files.Setup is null ? null : new SetupStep(tools, code.Files);

    public Task<StepOutlook> LookAsync(PythonRuntime before, CancellationToken cancellationToken) =>
        Task.FromResult(new StepOutlook(ExpectedCommand, IsUnchanged: false, before));

    public async Task<PythonRuntime> ApplyAsync(PythonRuntime before, StepProgress progress, CancellationToken cancellationToken)
    {
        tools.Log.Information("Running setup from {File}", files.PathOf(Name));
        var command = new ProcessCommand(ExpectedCommand[0], ExpectedCommand[1..], before.Environment) { WorkingDirectory = files.Folder, Output = ChildOutput.Shown };
        await progress.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return before;
    }

    /// <summary>It leaves nothing that could be taken.</summary>
    public Task<PythonRuntime> ReuseAsync(PythonRuntime before, CancellationToken cancellationToken) => Task.FromResult(before);
}

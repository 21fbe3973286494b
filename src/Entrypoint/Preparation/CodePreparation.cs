using Entrypoint.CommandLine;
using Entrypoint.Processes;
using Entrypoint.Reporting;
using Entrypoint.Sources;
using Serilog;

namespace Entrypoint.Preparation;

internal sealed class CodePreparation(Options options, IProcessRunner runner, ILogger log, TimeProvider time) : ICodePreparation
{
    public (IReadOnlyList<PlannedStep> Steps, PythonRuntime Runtime) Plan(CodeTree tree) =>
        ([], new PythonRuntime(ProgramPath.Find("python3", options.Settings.Environment)!, options.Settings.Environment));

    public async Task<PythonRuntime> PrepareAsync(CodeTree tree, RunRecord record, CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(tree.Folder, "setup.sh")) && options.Mode != RunMode.CodeOnly)
        {
            log.Information("Running setup {Time}", time.GetLocalNow());
            await runner.RunAsync(new ProcessCommand("/bin/bash", ["setup.sh"], options.Settings.Environment) { WorkingDirectory = tree.Folder, Output = ChildOutput.Shown }, cancellationToken).ConfigureAwait(false);
        }

        return Plan(tree).Runtime;
    }
}

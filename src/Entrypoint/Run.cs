using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Output;
using Entrypoint.Preparation;
using Entrypoint.Processes;
using Entrypoint.References;
using Entrypoint.Reporting;
using Entrypoint.Sources.Lab;
using Entrypoint.Sources;
using Entrypoint.Store;
using Entrypoint.Workspace;

namespace Entrypoint;

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">What the program ends with.</param>
/// <param name="Failure">Why nothing was run, or why the job was stopped, in one line; null where the job ended by itself, or nothing was to be run.</param>
internal sealed record RunEnd(int ExitCode, string? Failure);

/// <summary>One way through: from the reference to the end of the job. Each step is given what the one before it made.</summary>
internal sealed class Run(FetchContext context, Supervisor supervisor, RunRecord record)
{
    private readonly Options _options = context.Options;
    private readonly Settings _settings = context.Options.Settings;

    /// <summary>Runs it, and returns the exit code.</summary>
    /// <exception cref="EntrypointException">Something that was foreseen failed.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped by a signal.</exception>
    public async Task<int> ThroughAsync()
    {
        if (_options is { ReportFile: { } report, DryRun: false })
        {
            ReportFile.RequirePlace(report);
        }

        using var leases = new Leases();
        var store = new StoreContext(context.Log, context.Time, _options.Refresh && _options.Mode != RunMode.CodeOnly) { Leases = leases };
        var preparation = new CodePreparation(_options, supervisor, context.Temporary, store);
        if (_options.Prune is { } age)
        {
            return Print(PruneTable.Of(await preparation.PruneAsync(age).ConfigureAwait(false), _options.DryRun));
        }

        if (_options.Mode == RunMode.Workspace)
        {
            return await WorkspaceAsync(preparation).ConfigureAwait(false);
        }

        context.Secrets.ReferenceIsShown = true;
        var reference = record.Reference = CodeReferenceParser.Parse(_options.Code!, ReferenceContext());
        if (_options.DryRun)
        {
            var plan = await new DryRun(context, preparation).OfCodeAsync(reference, Check, supervisor.Stopping).ConfigureAwait(false);
            return Print(plan.ToJson(context.Secrets));
        }

        context.Log.Information("Execute Code...");
        var tree = record.Tree = await CodeSources.For(reference, context).FetchAsync(supervisor.Stopping).ConfigureAwait(false);
        Check(tree);
        context.Secrets.ReferenceIsShown = false;
        var python = await preparation.PrepareAsync(tree, record.Preparation, supervisor.Stopping).ConfigureAwait(false);
        if (_options.Mode == RunMode.RequirementsOnly)
        {
            context.Log.Information("Finished installing requirements. Code execution is deactivated.");
            return (int)ExitCode.Success;
        }

        return await JobAsync(tree, python).ConfigureAwait(false);
    }

    private ReferenceContext ReferenceContext() => new(
        _options.CodeFromEnvironment ? _settings.WorkspaceHome : _settings.CurrentDirectory,
        PathCheck.Exists,
        _settings.Environment,
        context.Secrets,
        _settings.Lab.HasEndpoint,
        key => LabCopies.Exists(_settings, key),
        name => ProgramPath.TryFind(name, _settings.Environment, out var _));

    /// <summary>What is missing for the job is said before anything is installed for it.</summary>
    private void Check(CodeTree tree)
    {
        if (_options.Mode == RunMode.RequirementsOnly)
        {
            return;
        }

        CodeRoot.RequireMain(tree, record.Reference!.Given.ToString());
        if (!OsFile.IsFile(Path.Combine(tree.Folder, "setup.sh")))
        {
            _ = JobFolder.Of(_options, tree.Folder);
        }
    }

    private async Task<int> JobAsync(CodeTree tree, PythonRuntime python)
    {
        context.Log.Information("Executing python code at path {Path}", tree.Main);
        var environment = python.Environment
            .WithDefault("PYTHONUNBUFFERED", "1")
            .Without("ENTRYPOINT_REVISION")
            .With("ENTRYPOINT_CODE", tree.Folder);
        if (tree.ResolvedRevision is { } revision)
        {
            environment = environment.With("ENTRYPOINT_REVISION", revision);
        }

        return await ExecuteAsync(python.Interpreter, [tree.Main, .. _options.JobArguments], environment, JobFolder.Of(_options, tree.Folder)).ConfigureAwait(false);
    }

    private async Task<int> WorkspaceAsync(CodePreparation preparation)
    {
        var (program, arguments) = WorkspaceCommand.Resolve(_options);
        if (_options.DryRun)
        {
            return Print(new DryRun(context, preparation).OfWorkspace(program, arguments).ToJson(context.Secrets));
        }

        context.Log.Information("Starting the workspace...");
        return await ExecuteAsync(program, arguments, _settings.Environment, JobFolder.Of(_options, _settings.CurrentDirectory)).ConfigureAwait(false);
    }

    private async Task<int> ExecuteAsync(string program, ImmutableArray<string> arguments, ProcessEnvironment environment, string folder)
    {
        var command = new JobCommand(program, arguments, environment, folder, _options.Timeout) { GracePeriod = _options.GracePeriod };
        context.Log.Information("Executing: {Command}", ShellWords.Join(command.CommandLine));

        var end = supervisor.RunJob(command);
        record.Job = new JobRecord(command.CommandLine, end.Status, end.Duration, end.TimedOut);
        return end.TimedOut ? (int)ExitCode.TimedOut : end.Status.ShellCode;
    }

    private int Print(byte[] text)
    {
        var isWritten = RawOutput.TryWrite(RawOutput.StandardOutput, text, supervisor.Stopping);
        supervisor.Stopping.ThrowIfCancellationRequested();
        return isWritten ? (int)ExitCode.Success : throw new EntrypointException(ExitCode.InputOutput, "Cannot write to standard output.");
    }
}

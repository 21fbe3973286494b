using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Preparation;
using Entrypoint.Reporting;
using Entrypoint.Sources;
using Entrypoint.Sources.Lab;
using Entrypoint.Sources.Local;

namespace Entrypoint;

/// <summary>Makes the plan of a run, as far as it can be told without fetching, installing or running anything.</summary>
internal sealed class DryRun(FetchContext context, CodePreparation preparation)
{
    private readonly Options _options = context.Options;

    /// <summary>The plan for the workspace.</summary>
    public Plan OfWorkspace(string program, ImmutableArray<string> arguments) =>
        Make(null, JobFolder.Of(_options, _options.Settings.CurrentDirectory), [], [program, .. arguments]);

    /// <summary>The plan for code.</summary>
    /// <param name="check">What is checked before anything is installed.</param>
    /// <exception cref="EntrypointException">As in a real run, where something is known to be missing.</exception>
    public async Task<Plan> OfCodeAsync(CodeReference reference, Action<CodeTree> check, CancellationToken cancellationToken)
    {
        var project = _options.Settings.Lab.Project;
        if (reference is LabKey key)
        {
            // Whether the key is there, and in which project, only the Lab knows.
            project = (await new LabSource(key, context).ResolveAsync(cancellationToken).ConfigureAwait(false)).Project;
        }

        var source = SourceDescription.Of(reference, project, context.Secrets);
        if (reference is not LocalPath path || LocalPathSource.InPlace(path) is not { } tree)
        {
            return Make(source, JobFolder.Planned(_options, null), null, null);
        }

        check(tree);
        var (steps, python) = await preparation.PlanAsync(tree, cancellationToken).ConfigureAwait(false);
        return Make(
            source,
            JobFolder.Planned(_options, tree.Folder),
            _options.Mode == RunMode.CodeOnly ? [] : [.. steps.Select(step => new Plan.Step(step.Name, step.Command, step.Unchanged ? "unchanged" : "run"))],
            _options.Mode == RunMode.RequirementsOnly ? null : [python.Interpreter, tree.Main, .. _options.JobArguments]);
    }

    private Plan Make(SourceDescription? source, string folder, IReadOnlyList<Plan.Step>? steps, IReadOnlyList<string>? command) =>
        new(source, ModeName, folder, _options.JobArguments, steps, command);

    private string ModeName => _options.Mode switch
    {
        RunMode.RequirementsOnly => "requirements-only",
        RunMode.CodeOnly => "code-only",
        RunMode.Workspace => "workspace",
        _ => "full",
    };
}

using System.Collections.Immutable;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Preparation;

/// <summary>Installs what a <c>pyproject.toml</c> names, of a project that is no package: its code is run from where it is.</summary>
internal sealed class ProjectDependencies(SourceContext context, ProjectFile project, IReadOnlyList<Requirement> requirements) : IPackageSource
{
    public string Name => ProjectFile.FileName;

    public string Summary => PipRequirements.Summary(requirements);

    public bool IsAlwaysApart => true;

    public bool HasExtras => true;

    public bool HasGroups => true;

    public bool InstallsNothing => requirements.Count == 0;

    public void Describe(ContentDigest content)
    {
        content.Add("project");
        content.Add(project.Python?.Text ?? "");
        content.AddDependencies(requirements);
    }

    public ImmutableArray<string> Command(string interpreter) => PipRequirements.Command(interpreter, requirements);

    public void Require(PythonFacts? facts, string interpreter) => PythonCheck.Require(project.Python, Name, facts, interpreter);

    public Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        if (project.NamesIndexes)
        {
            NotRead.SayIndexes(context.Tools.Log, Name);
        }

        NotRead.Say(context, target.Facts, hasLock: false);
        return Pip.RunAsync(Command(target.Interpreter), target, progress, cancellationToken);
    }
}

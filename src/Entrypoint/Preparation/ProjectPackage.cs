using System.Collections.Immutable;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Preparation;

/// <summary>
/// Builds the package that the code is, privately, and installs the wheel. Never editable: a checkout is gone after the run, the
/// environment is not.
/// </summary>
/// <param name="name"><c>pyproject.toml</c> or <c>setup.py</c>.</param>
/// <param name="project">What the former says; null for the latter.</param>
/// <param name="groups">The dependencies of the groups that were asked for.</param>
internal sealed class ProjectPackage(SourceContext context, string name, ProjectFile? project, IReadOnlyList<Requirement> groups) : IPackageSource
{
    public string Name => name;

    public string Summary => "describes a package, which is not installed";

    public bool IsAlwaysApart => true;

    public bool HasExtras => true;

    public bool HasGroups => project is not null;

    public bool InstallsNothing => false;

    public void Describe(ContentDigest content)
    {
        content.Add("package");
        content.Add(string.Join(',', context.Options.Extras));
        content.AddDependencies(groups);

        // Two revisions at the same time must not share an environment, so all of it is part of the name.
        content.AddTree(context.Tree.Folder);
    }

    public ImmutableArray<string> Command(string interpreter) => PrivateBuild.Command(interpreter);

    public void Require(PythonFacts? facts, string interpreter) => PythonCheck.Require(project?.Python, name, facts, interpreter);

    public async Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        if (project is { NamesIndexes: true })
        {
            NotRead.SayIndexes(context.Tools.Log, name);
        }

        NotRead.Say(context, target.Facts, hasLock: false);
        var build = PrivateBuild.Prepare(target.Temporary);
        var privately = target with { Environment = build.Environment(target.Environment) };
        await Pip.RunAsync(Command(target.Interpreter), privately, progress, cancellationToken).ConfigureAwait(false);
        var wheel = build.Wheel(name);
        await Pip.RunAsync(
            [target.Interpreter, "-m", "pip", "install", "--no-cache-dir", "--", wheel + Extras(wheel), .. groups.Select(requirement => requirement.Text)],
            target,
            progress,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>pip only warns of an extra that is not there.</summary>
    private string Extras(string wheel)
    {
        if (context.Options.Extras.IsEmpty)
        {
            return "";
        }

        var known = WheelMetadata.Extras(wheel, name);
        return $"[{string.Join(',', context.Options.Extras.Select(extra => ChosenRequirements.Known(extra, "extra", known, name)))}]";
    }
}

using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Preparation;

/// <summary>Chooses how a project is installed: as the package that it is, or by its dependencies alone.</summary>
internal static class ProjectSource
{
    public const string SetupName = "setup.py";

    /// <summary>The source of a <c>pyproject.toml</c>; null where there is none, or none that names packages.</summary>
    /// <exception cref="EntrypointException">78: it is broken, or what is asked for is not there.</exception>
    public static IPackageSource? Find(SourceContext context)
    {
        var options = context.Options;
        if (context.Project is not { } project)
        {
            return null;
        }

        if (project.IsPackage(options.Extras))
        {
            return OfPackage(context, project);
        }

        if (project is { HasProject: true, IsCalledPackage: false } && project.Dynamic.Contains("dependencies", StringComparer.Ordinal))
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{ProjectFile.FileName} could not be applied: its dependencies are dynamic, which only a build can tell, and it says that it is no package. Name them in [project], or let it be one.");
        }

        return project.HasProject || (!options.Groups.IsEmpty && project.Groups.Names.Count > 0)
            ? new ProjectDependencies(context, project, ChosenRequirements.OfProject(project, options.Extras, options.Groups))
            : null;
    }

    /// <summary>The source of a <c>setup.py</c>; null where there is none.</summary>
    public static IPackageSource? FindSetup(SourceContext context) =>
        context.Has(SetupName) ? new ProjectPackage(context, SetupName, null, []) : null;

    private static ProjectPackage OfPackage(SourceContext context, ProjectFile project)
    {
        if (!project.Dynamic.Contains("optional-dependencies", StringComparer.Ordinal) && project.HasProject)
        {
            foreach (var extra in context.Options.Extras)
            {
                _ = ChosenRequirements.KnownExtra(project, extra);
            }
        }

        return new ProjectPackage(context, ProjectFile.FileName, project, ChosenRequirements.OfGroups(project, context.Options.Groups));
    }
}

using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Preparation;

/// <summary>A source that is broken or missing: it fails when its turn comes, as any step may.</summary>
/// <param name="name">Its file.</param>
/// <param name="failure">Why it cannot be used.</param>
internal sealed class UnusableSource(string name, EntrypointException failure) : IPackageSource
{
    /// <summary>Files of tools that this program does not run.</summary>
    private static readonly string[] ForeignFiles = ["Pipfile.lock", "Pipfile", "pixi.lock", "pixi.toml", "conda-lock.yml"];

    public string Name => name;

    public EntrypointException Failure => failure;

    public string Summary => "cannot be used";

    public bool IsAlwaysApart => true;

    public bool HasExtras => true;

    public bool HasGroups => true;

    public bool InstallsNothing => false;

    /// <summary>The one that was asked for by its name and is not there.</summary>
    public static UnusableSource OfMissing(SourceContext context, PackageChoice choice)
    {
        var word = PackageChoices.WordOf(choice);
        var name = choice == PackageChoice.Script ? Path.GetFileName(context.Tree.Main) : word;
        var reason = choice switch
        {
            PackageChoice.Script when context.Tree.IsDirectory => $"and {context.Tree.Folder} is a folder. A PEP 723 block is read of a job that is one script",
            PackageChoice.Script => $"and {context.Tree.Main} has no PEP 723 block",
            PackageChoice.UvLock when context.Has(UvLockFile.FileName) => $"and there is no pyproject.toml beside it in {context.Tree.Folder}",
            PackageChoice.PyProject when context.Has(ProjectFile.FileName) => $"and the one in {context.Tree.Folder} names no packages: it has neither [project] nor [build-system], nor a dependency group that --group names",
            _ => $"and is not in {context.Tree.Folder}",
        };
        return new UnusableSource(name, new EntrypointException(ExitCode.PreparationFailed, $"{word} was asked for (--dependencies) {reason}."));
    }

    /// <summary>What says which packages the code needs, in the way of a tool that this program does not run, and alone; null where there is none.</summary>
    public static UnusableSource? OfForeignFiles(SourceContext context, DependencyFiles files)
    {
        var own = context.Project?.OwnTool is { } tool ? $"{ProjectFile.FileName} ([tool.{tool}])" : null;
        if ((ForeignFiles.FirstOrDefault(context.Has) ?? own) is not { } found)
        {
            return null;
        }

        if (files.Environment is not null || files.Setup is not null)
        {
            context.Tools.Log.Debug("{File} is not read", found);
            return null;
        }

        return new UnusableSource(found.Split(' ')[0], new EntrypointException(
            ExitCode.PreparationFailed, $"{found} cannot be applied by this program: export it to environment.yml, requirements.txt or pylock.toml."));
    }

    public void Describe(ContentDigest content) => content.Add($"unusable {name}");

    public ImmutableArray<string> Command(string interpreter) => [];

    public void Require(PythonFacts? facts, string interpreter) => throw failure;

    public Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken) => throw failure;
}

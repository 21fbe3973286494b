using System.Collections.Immutable;
using Entrypoint.Sources;

namespace Entrypoint.Preparation;

/// <summary>Installs <c>requirements.txt</c> with the pip of the Python that runs the job.</summary>
internal sealed class RequirementsFile : IPackageSource
{
    public string Name => DependencyFiles.RequirementsName;

    public string Summary => "names packages, which are not installed";

    public bool HasExtras => false;

    public bool HasGroups => false;

    public bool InstallsNothing => false;

    public bool IsAlwaysApart => false;

    /// <summary>The source, where its file is there.</summary>
    public static IPackageSource? Find(CodeTree tree) =>
        SourceFile.IsThere(Path.Combine(tree.Folder, DependencyFiles.RequirementsName)) ? new RequirementsFile() : null;

    public void Describe(ContentDigest content) => content.AddRequirements(DependencyFiles.RequirementsName);

    public ImmutableArray<string> Command(string interpreter) => [interpreter, "-m", "pip", "install", "--no-cache-dir", "-r", Name];

    public void Require(PythonFacts? facts, string interpreter)
    {
    }

    public async Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        var command = Command(target.Interpreter);
        if (PrivateRequirements.Find(target.CodeFolder, Name, target.Environment) is { } requirements)
        {
            command = [.. command[..^1], await BuildAsync(requirements, target, progress, cancellationToken).ConfigureAwait(false)];
        }

        await Pip.RunAsync(command, target, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Builds the projects that it names, each apart and privately, and returns the file that names the wheels instead.</summary>
    private async Task<string> BuildAsync(PrivateRequirements requirements, PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        requirements.Prepare(target.Temporary.Create("requirements"));
        foreach (var project in requirements.Projects)
        {
            var build = PrivateBuild.Prepare(target.Temporary);
            await Pip.RunAsync(
                [.. PrivateBuild.Command(target.Interpreter, project), "-r", requirements.IndexFile],
                target with { Environment = build.Environment(target.Environment) },
                progress,
                cancellationToken).ConfigureAwait(false);
            requirements.Built(project, build.Wheel(Name));
        }

        return requirements.Write(Name);
    }
}

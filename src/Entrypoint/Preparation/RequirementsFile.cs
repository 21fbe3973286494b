using System.Collections.Immutable;
using Entrypoint.Processes;
using Entrypoint.Sources;

namespace Entrypoint.Preparation;

/// <summary>Installs <c>requirements.txt</c> with the pip of the Python that runs the job.</summary>
internal sealed class RequirementsFile : IPackageSource
{
    public string Name => DependencyFiles.RequirementsName;

    public bool IsAlwaysApart => false;

    /// <summary>The source, where its file is there.</summary>
    public static IPackageSource? Find(CodeTree tree) =>
        SourceFile.IsThere(Path.Combine(tree.Folder, DependencyFiles.RequirementsName)) ? new RequirementsFile() : null;

    public void Describe(ContentDigest content) => content.AddRequirements(DependencyFiles.RequirementsName);

    public ImmutableArray<string> Command(string interpreter) => [interpreter, "-m", "pip", "install", "--no-cache-dir", "-r", Name];

    public Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        var command = Command(target.Interpreter);
        return progress.RunAsync(
            new ProcessCommand(command[0], command[1..], Pip.Quiet(target.Environment)) { WorkingDirectory = target.CodeFolder, Output = ChildOutput.Shown },
            cancellationToken);
    }
}

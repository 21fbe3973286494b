using Entrypoint.CommandLine;
using Entrypoint.Linux;
using Entrypoint.Sources;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>The files by which code says what it needs. Only regular files (and links to them) in its own folder count, as for <c>execute_code.py</c>.</summary>
/// <param name="Folder">The code's folder; absolute.</param>
/// <param name="Environment">The name of the conda environment's file, <c>environment.yml</c> or <c>environment.yaml</c>; null where there is none.</param>
/// <param name="Setup"><c>setup.sh</c>, or null where there is none.</param>
internal sealed record DependencyFiles(string Folder, string? Environment, string? Setup)
{
    public const string SetupName = "setup.sh";
    public const string RequirementsName = "requirements.txt";

    private static readonly string[] EnvironmentNames = ["environment.yml", "environment.yaml"];

    /// <summary>Looks for them.</summary>
    /// <exception cref="Failures.EntrypointException">66: one is a link that leads nowhere. 77: one cannot be looked at.</exception>
    public static DependencyFiles Find(CodeTree tree)
    {
        string? IfThere(string name) => SourceFile.IsThere(Path.Combine(tree.Folder, name)) ? name : null;
        return new DependencyFiles(tree.Folder, EnvironmentNames.FirstOrDefault(name => IfThere(name) is not null), IfThere(SetupName));
    }

    /// <summary>Warns of each that is a pipe, a socket or a device, and so is passed over.</summary>
    public static void WarnOfPassedOver(CodeTree tree, PackageChoice choice, ILogger log)
    {
        foreach (var path in EnvironmentNames.Append(SetupName).Concat(PackageSources.FileNames(choice)).Select(name => Path.Combine(tree.Folder, name)))
        {
            if (FileCalls.KindOf(path) is PathKind.Special)
            {
                log.Warning("{File} is a pipe, a socket or a device, not a file: it is passed over", path);
            }
        }
    }

    /// <summary>The full path of one of the files.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);
}

using Entrypoint.Sources;

namespace Entrypoint.Preparation;

/// <summary>Chooses where the Python packages of a code tree come from.</summary>
internal static class PackageSources
{
    /// <summary>All sources, in the order in which they are looked for.</summary>
    private static readonly Func<CodeTree, IPackageSource?>[] All = [RequirementsFile.Find];

    /// <summary>The first that is there; null where there is none.</summary>
    public static IPackageSource? Find(CodeTree tree) => All.Select(find => find(tree)).FirstOrDefault(source => source is not null);
}

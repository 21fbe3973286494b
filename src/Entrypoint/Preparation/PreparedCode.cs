using Entrypoint.Processes;
using Entrypoint.Sources;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>The code that is prepared, by its dependency files.</summary>
internal sealed class PreparedCode
{
    private readonly ProcessEnvironment _environment;
    private readonly TemporaryFolders _temporary;

    /// <exception cref="Failures.EntrypointException">74 or 77: a dependency file cannot be read.</exception>
    public PreparedCode(CodeTree tree, ProcessEnvironment environment, TemporaryFolders temporary)
    {
        (Tree, _environment, _temporary) = (tree, environment, temporary);
        Files = DependencyFiles.Find(tree);
        Packages = PackageSources.Find(tree);
        First = Content = ContentDigest.Of(Files, Packages, environment);
    }

    public CodeTree Tree { get; }

    public DependencyFiles Files { get; private set; }

    /// <summary>Where its Python packages come from; null where it asks for none.</summary>
    public IPackageSource? Packages { get; private set; }

    /// <summary>What the files held at the start, by which what is made is found again.</summary>
    public ContentDigest First { get; }

    /// <summary>What they hold now: setup.sh may have changed them.</summary>
    public ContentDigest Content { get; private set; }

    /// <summary>Whether what is made for it is of no use to any other run.</summary>
    public bool IsForThisRun => Content.IsForThisRun(_temporary);

    /// <summary>Looks again.</summary>
    public void Refresh()
    {
        Files = DependencyFiles.Find(Tree);
        Packages = PackageSources.Find(Tree);
        Content = ContentDigest.Of(Files, Packages, _environment);
    }
}

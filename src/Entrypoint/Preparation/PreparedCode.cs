using Entrypoint.Sources;

namespace Entrypoint.Preparation;

/// <summary>The code that is prepared, by its dependency files.</summary>
internal sealed class PreparedCode
{
    private readonly PreparationTools _tools;

    /// <exception cref="Failures.EntrypointException">74 or 77: a dependency file cannot be read.</exception>
    /// <exception cref="Failures.EntrypointException">64: extras or dependency groups are asked for of packages that have none.</exception>
    public PreparedCode(CodeTree tree, PreparationTools tools)
    {
        (Tree, _tools) = (tree, tools);
        var context = new SourceContext(tools, tree);
        Files = DependencyFiles.Find(tree);
        Packages = PackageSources.Find(context, Files);
        Unread = Packages is null ? PackageSources.FindUnread(context, Files) : null;
        First = Content = ContentDigest.Of(Files, Packages, tools.Inherited);
    }

    public CodeTree Tree { get; }

    public DependencyFiles Files { get; private set; }

    /// <summary>Where its Python packages come from; null where it asks for none.</summary>
    public IPackageSource? Packages { get; private set; }

    /// <summary>Packages that the code asks for and that are not installed, because nobody asked for that; null where there are none.</summary>
    public IPackageSource? Unread { get; }

    /// <summary>What the files held at the start, by which what is made is found again.</summary>
    public ContentDigest First { get; }

    /// <summary>What they hold now: setup.sh may have changed them.</summary>
    public ContentDigest Content { get; private set; }

    /// <summary>Whether what is made for it is of no use to any other run.</summary>
    public bool IsForThisRun => Content.IsForThisRun(_tools.Temporary);

    /// <summary>Looks again.</summary>
    public void Refresh()
    {
        Files = DependencyFiles.Find(Tree);
        Packages = PackageSources.Find(new SourceContext(_tools, Tree), Files);
        Content = ContentDigest.Of(Files, Packages, _tools.Inherited);
    }
}

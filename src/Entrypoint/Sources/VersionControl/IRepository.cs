namespace Entrypoint.Sources.VersionControl;

/// <summary>A repository of one kind of version control, seen through one program or library.</summary>
internal interface IRepository
{
    /// <summary>Makes the tree of the revision asked for.</summary>
    /// <param name="tree">An absolute path where nothing is yet, in a folder that exists.</param>
    /// <param name="sparse">Whether the files of the subdirectory are enough. More is allowed, and sometimes needed.</param>
    /// <returns>Commit id, changeset or revision number.</returns>
    /// <exception cref="FetchFailureException">It failed.</exception>
    Task<string> FetchAsync(string tree, bool sparse, CancellationToken cancellationToken);
}

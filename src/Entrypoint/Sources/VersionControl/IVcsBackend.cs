namespace Entrypoint.Sources.VersionControl;

/// <summary>A repository as one program or library sees it: what is asked of each kind of version control.</summary>
internal interface IVcsBackend
{
    /// <summary>
    /// What the revision asked for means on the server now, by one cheap question: commit id, changeset or revision number. Null where only
    /// a fetch can tell (a short commit id, an expression).
    /// </summary>
    /// <exception cref="FetchFailureException">It failed, or there is no such revision.</exception>
    Task<string?> ResolveAsync(CancellationToken cancellationToken);

    /// <summary>Makes the tree of the revision asked for.</summary>
    /// <param name="tree">An absolute path where nothing is yet, in a folder that exists.</param>
    /// <param name="sparse">Whether the files of the subdirectory are enough. More is allowed, and sometimes needed.</param>
    /// <exception cref="FetchFailureException">It failed.</exception>
    Task<FetchedTree> FetchAsync(string tree, bool sparse, CancellationToken cancellationToken);
}

/// <summary>What was fetched.</summary>
/// <param name="Revision">Commit id, changeset or revision number.</param>
/// <param name="IsWhole">Whether all files of the revision are there.</param>
internal sealed record FetchedTree(string Revision, bool IsWhole)
{
    /// <summary>Whether the revision says all that is in it; what it takes from elsewhere may be another thing the next time.</summary>
    public bool IsFixed { get; init; } = true;
}

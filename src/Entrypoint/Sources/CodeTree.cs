namespace Entrypoint.Sources;

/// <summary>Code that is here: on this machine's disk, ready to be prepared and run.</summary>
/// <param name="Folder">
/// The folder that the dependency files are looked for in, and that the job sees as <c>ENTRYPOINT_CODE</c>; absolute.
/// </param>
/// <param name="Main">What Python is given: the folder, or a file in it; absolute.</param>
internal sealed record CodeTree(string Folder, string Main)
{
    /// <summary>Commit id, changeset, revision number or data version; null where the source has none.</summary>
    public string? ResolvedRevision { get; init; }

    /// <summary>All that was fetched, where it can be kept; null where it cannot.</summary>
    public FetchedCode? Fetched { get; init; }

    /// <summary>The project of Lab data; null for other code, and where it is not known.</summary>
    public string? Project { get; init; }

    /// <summary>Whether <see cref="Main"/> is a directory (or was, when the tree was made).</summary>
    public bool IsDirectory => string.Equals(Folder, Main, StringComparison.Ordinal);
}

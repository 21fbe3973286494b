using Entrypoint.Output;

namespace Entrypoint.Sources;

/// <summary>Where the code is, parsed and validated, with nothing touched yet. One of four kinds.</summary>
internal abstract record CodeReference
{
    private protected CodeReference(string given) => Given = given;

    /// <summary>The reference as it was given, before <c>${NAME}</c> was replaced. For display it still goes through <see cref="Secrets"/>.</summary>
    public string Given { get; }
}

/// <summary>A path that exists: a directory, an archive, or a file for Python.</summary>
/// <param name="Given">The reference as given.</param>
/// <param name="Path">The absolute path.</param>
internal sealed record LocalPath(string Given, string Path) : CodeReference(Given);

/// <summary>A file at a web address: a script or an archive.</summary>
/// <param name="Given">The reference as given.</param>
/// <param name="Address">The address without its fragment; user and password may be in it.</param>
/// <param name="Subdirectory">The folder or file of the archive that is meant; null for its root.</param>
internal sealed record WebAddress(string Given, Secret Address, string? Subdirectory) : CodeReference(Given);

/// <summary>The key of data in an ML Lab instance.</summary>
/// <param name="Given">The reference as given.</param>
/// <param name="Key">The key, with its <c>.vN</c> where it was given with one.</param>
internal sealed record LabKey(string Given, string Key) : CodeReference(Given);

using Entrypoint.Output;

namespace Entrypoint.Sources;

/// <summary>Where the code is, parsed and validated, with nothing touched yet. One of four kinds.</summary>
internal abstract record CodeReference
{
    private protected CodeReference(SafeAddress given) => Given = given;

    /// <summary>The reference as it was given, before <c>${NAME}</c> was replaced, as it may be shown.</summary>
    public SafeAddress Given { get; }
}

/// <summary>A path that exists: a directory, an archive, or a file for Python.</summary>
/// <param name="Given">The reference as given, as it may be shown.</param>
/// <param name="Path">The absolute path.</param>
/// <param name="Fragment">The part of it that is meant, and its digest.</param>
internal sealed record LocalPath(SafeAddress Given, string Path, ReferenceFragment Fragment) : CodeReference(Given);

/// <summary>A file at a web address: a script or an archive.</summary>
/// <param name="Given">The reference as given, as it may be shown.</param>
/// <param name="Address">The address without its fragment; user and password may be in it.</param>
/// <param name="Fragment">The part of it that is meant, and its digest.</param>
internal sealed record WebAddress(SafeAddress Given, Secret Address, ReferenceFragment Fragment) : CodeReference(Given);

/// <summary>The key of data in an ML Lab instance.</summary>
/// <param name="Given">The reference as given, as it may be shown.</param>
/// <param name="Key">The key, with its <c>.vN</c> where it was given with one.</param>
/// <param name="Fragment">The part of it that is meant, and its digest.</param>
internal sealed record LabKey(SafeAddress Given, string Key, ReferenceFragment Fragment) : CodeReference(Given);

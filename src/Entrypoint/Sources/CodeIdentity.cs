using Entrypoint.Store;

namespace Entrypoint.Sources;

/// <summary>What tells fetched code from all other: whatever has the same identity is the same.</summary>
/// <param name="Address">Where it comes from, without secrets.</param>
/// <param name="Revision">The resolved revision.</param>
/// <param name="Part">The folder that alone was fetched; null for all of it.</param>
internal sealed record CodeIdentity(string Address, string Revision, string? Part)
{
    /// <summary>A short name for it.</summary>
    public string Key => Fingerprint.Of($"{Address}\n{Revision}\n{Part}");

    /// <summary>A short name for the address, under which the newest that is kept can be found.</summary>
    public static string KeyOf(string address) => Fingerprint.Of(address);
}

/// <summary>Fetched code as a whole, from which a reference may mean a part.</summary>
/// <param name="Root">The folder with all that was fetched; absolute.</param>
internal sealed record FetchedCode(string Root, CodeIdentity Identity);

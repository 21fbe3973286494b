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
internal sealed record FetchedCode(string Root, CodeIdentity Identity)
{
    /// <summary>The name of the one file in it, where that is the code and no tree; null for a tree.</summary>
    public string? Script { get; init; }

    /// <summary>What is written down of it where it is kept.</summary>
    public string Note => Script is null ? Identity.Revision : $"{Identity.Revision}\n{Script}";

    /// <summary>The revision in a note.</summary>
    public static string RevisionIn(string note) => note.Split('\n', 2)[0];

    /// <summary>The script in a note.</summary>
    public static string? ScriptIn(string note) => note.Split('\n', 2) is [_, var script] ? script : null;
}

using System.Collections.Immutable;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Runs <c>git</c> in a folder and returns what it printed on standard output.</summary>
internal delegate Task<string> RunGit(string folder, ImmutableArray<string> arguments, CancellationToken cancellationToken, bool isLocal = false);

/// <summary>
/// A working tree with one folder or file of a commit in it. The index holds that part alone, so the trees beside it are never needed;
/// <c>git sparse-checkout</c> would fetch them all to fill its index.
/// </summary>
/// <param name="folder">A repository that has the commit and its trees down to the path, and fetches what is missing.</param>
/// <param name="path">The folder or file.</param>
internal sealed class GitSparseTree(string folder, string commit, string path)
{
    private const string Attributes = ".gitattributes";
    private const string Modules = ".gitmodules";
    private const string Folder = "040000";
    private static readonly string[] Files = ["100644", "100755"];

    /// <summary>Makes it.</summary>
    /// <returns>Whether it could be made; false where the path is or goes through a link or a submodule.</returns>
    /// <exception cref="FetchFailureException">There is no such path; or <c>git</c> failed.</exception>
    public async Task<bool> MakeAsync(RunGit git, CancellationToken cancellationToken)
    {
        string[] above = [.. Parents()];
        var entries = Read(await git(
            folder,
            ["ls-tree", "-t", "-z", "--full-tree", commit, "--", .. above, path, Attributes, .. above.Select(parent => $"{parent}/{Attributes}"), Modules],
            cancellationToken).ConfigureAwait(false));
        foreach (var parent in above.Where(parent => entries.GetValueOrDefault(parent).Mode != Folder))
        {
            return entries.ContainsKey(parent) ? false : throw Missing();
        }

        var (mode, id) = entries.TryGetValue(path, out var found) ? found : throw Missing();
        if (mode != Folder && !Files.Contains(mode, StringComparer.Ordinal))
        {
            return false;
        }

        await git(folder, ["update-ref", "--no-deref", "HEAD", commit], cancellationToken, isLocal: true).ConfigureAwait(false);

        // What the folders above say about line ends and large files holds below them too.
        string[] kept = [.. entries.Where(entry => Files.Contains(entry.Value.Mode, StringComparer.Ordinal) && entry.Key != path)
            .Select(entry => $"{entry.Value.Mode},{entry.Value.Id},{entry.Key}")];
        if (mode != Folder)
        {
            kept = [.. kept, $"{mode},{id},{path}"];
        }

        if (kept.Length > 0)
        {
            await git(
                folder, ["update-index", "--add", .. kept.SelectMany(entry => new[] { "--cacheinfo", entry })], cancellationToken).ConfigureAwait(false);
        }

        ImmutableArray<string> checkOut = mode == Folder
            ? ["read-tree", "-u", $"--prefix={path}/", id]
            : ["checkout-index", "--force", "--", path];
        await git(folder, checkOut, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>The folders above the path: <c>a</c> and <c>a/b</c> for <c>a/b/c</c>.</summary>
    private IEnumerable<string> Parents()
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    private static Dictionary<string, (string Mode, string Id)> Read(string output)
    {
        var entries = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        foreach (var entry in output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split('\t', 2) is [var description, var name] && description.Split(' ') is [var mode, _, var id])
            {
                entries[name] = (mode, id);
            }
        }

        return entries;
    }

    private static FetchFailureException Missing() => new(FailureKind.NoSubdirectory, "it is not in that revision");
}

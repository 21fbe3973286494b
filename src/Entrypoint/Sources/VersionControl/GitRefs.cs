using System.Text.RegularExpressions;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Refs as a server lists them.</summary>
/// <param name="Ids">What they point to, by their full names; what a tag object points to in turn, by its name and <c>^{}</c>.</param>
/// <param name="Head">The branch that <c>HEAD</c> stands for; null where the server does not say, or has no <c>HEAD</c>.</param>
internal sealed partial record GitRefs(IReadOnlyDictionary<string, string> Ids, string? Head)
{
    private const string Peeled = "^{}";
    private const int Sha256Length = 64;

    /// <summary>Whether the repository names its objects by SHA-256.</summary>
    public bool HasSha256 => Ids.Values.Any(id => id.Length == Sha256Length);

    /// <summary>What a server is asked for, to find out what a revision means.</summary>
    public static IEnumerable<string> Patterns(string? revision) => Candidates(revision).SelectMany(name => new[] { name, name + Peeled });

    /// <summary>The commit of a target; null where only the history can tell.</summary>
    public string? CommitOf(GitTarget target) => target switch
    {
        GitTarget.Ref(var name) => Ids.GetValueOrDefault(name + Peeled) ?? Ids.GetValueOrDefault(name) ?? (name == Head ? Ids.GetValueOrDefault("HEAD") : null),
        GitTarget.Commit(var id) => id,
        _ => null,
    };

    /// <summary>The refs that are to be asked for, to find out what a revision means.</summary>
    public static IEnumerable<string> Candidates(string? revision) => revision switch
    {
        null or "HEAD" => ["HEAD"],
        _ when revision.StartsWith("refs/", StringComparison.Ordinal) => [revision],
        _ => ["HEAD", $"refs/heads/{revision}", $"refs/tags/{revision}", .. Shortened(revision)],
    };

    /// <summary>Reads what <c>git ls-remote --symref</c> printed.</summary>
    public static GitRefs Read(string output)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        string? head = null;
        foreach (var line in output.Split('\n'))
        {
            if (line.Split('\t', 2) is not [var value, var name])
            {
                continue;
            }

            if (!value.StartsWith("ref: ", StringComparison.Ordinal))
            {
                ids[name] = value;
            }
            else if (name == "HEAD")
            {
                head = value["ref: ".Length..];
            }
        }

        return new GitRefs(ids, head);
    }

    /// <summary>
    /// What a revision means, in pip's order: a branch, a tag, then an id. Null where it is none of them for certain.
    /// </summary>
    public GitTarget? Resolve(string? revision)
    {
        if (revision is null or "HEAD")
        {
            return Ids.ContainsKey("HEAD") ? new GitTarget.Ref(Head ?? "HEAD") : null;
        }

        if (Candidates(revision).Skip(revision.StartsWith("refs/", StringComparison.Ordinal) ? 0 : 1).FirstOrDefault(Ids.ContainsKey) is { } name)
        {
            return new GitTarget.Ref(name);
        }

        if (FullId().IsMatch(revision))
        {
            return new GitTarget.Commit(revision.ToLowerInvariant());
        }

        return ShortId().IsMatch(revision) || Expression().IsMatch(revision) ? new GitTarget.Expression(revision) : null;
    }

    /// <summary>How a clone would name them.</summary>
    private static IEnumerable<string> Shortened(string revision)
    {
        if (revision.StartsWith("origin/", StringComparison.Ordinal))
        {
            yield return $"refs/heads/{revision["origin/".Length..]}";
        }
        else if (revision.StartsWith("tags/", StringComparison.Ordinal) || revision.StartsWith("heads/", StringComparison.Ordinal))
        {
            yield return $"refs/{revision}";
        }
    }

    [GeneratedRegex(@"\A([0-9a-fA-F]{40}|[0-9a-fA-F]{64})\z")]
    private static partial Regex FullId();

    [GeneratedRegex(@"\A[0-9a-fA-F]{4,63}\z")]
    private static partial Regex ShortId();

    /// <summary>A way from a name (<c>main~2</c>, <c>v1^{commit}</c>, <c>main@{0}</c> has no meaning on a server), or what <c>git describe</c> prints.</summary>
    [GeneratedRegex(@"[~^]|-g[0-9a-f]{4,40}\z")]
    private static partial Regex Expression();
}

namespace Entrypoint.Sources.VersionControl;

/// <summary>What a revision of Git means on a server.</summary>
internal abstract record GitTarget
{
    /// <summary>The tip of a branch, a tag, or any other ref.</summary>
    /// <param name="Name">The full name of the ref.</param>
    public sealed record Ref(string Name) : GitTarget
    {
        /// <summary>Where a clone of <c>origin</c> keeps it.</summary>
        public string Local => Name.StartsWith("refs/heads/", StringComparison.Ordinal) ? $"refs/remotes/origin/{Name["refs/heads/".Length..]}"
            : Name == "HEAD" ? "refs/remotes/origin/HEAD"
            : Name;
    }

    /// <summary>A commit by its full id.</summary>
    public sealed record Commit(string Id) : GitTarget;

    /// <summary>Something that only the history can answer: a short id, or an expression such as <c>HEAD~1</c>.</summary>
    public sealed record Expression(string Text) : GitTarget;
}

namespace Entrypoint.EndToEnd;

/// <summary>A folder that survives a run, for what takes long to make or to download.</summary>
public static class TestCache
{
    /// <summary>Its full path: <c>$XDG_CACHE_HOME/entrypoint-tests</c>, else <c>~/.cache/entrypoint-tests</c>.</summary>
    public static string Root { get; } = Path.Combine(Home(), "entrypoint-tests");

    private static string Home() =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}

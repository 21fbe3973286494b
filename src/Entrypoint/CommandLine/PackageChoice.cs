namespace Entrypoint.CommandLine;

/// <summary>Where the Python packages are to come from (<c>--dependencies</c>).</summary>
internal enum PackageChoice
{
    /// <summary><c>documented</c>: <c>requirements.txt</c>, and nothing else.</summary>
    Documented,

    /// <summary><c>auto</c>: the first source that is there.</summary>
    Automatic,

    /// <summary><c>script</c>: the PEP 723 block of a script.</summary>
    Script,

    /// <summary><c>requirements.txt</c>.</summary>
    Requirements,

    /// <summary><c>pylock.toml</c>, or <c>pylock.entrypoint.toml</c>.</summary>
    PyLock,

    /// <summary><c>uv.lock</c>.</summary>
    UvLock,

    /// <summary><c>pyproject.toml</c>.</summary>
    PyProject,

    /// <summary><c>setup.py</c>.</summary>
    SetupPy,
}

/// <summary>The words of <c>--dependencies</c>, and what each source knows.</summary>
internal static class PackageChoices
{
    /// <summary>The words, each with what it means and whether that source has extras and dependency groups.</summary>
    private static readonly (string Word, PackageChoice Choice, bool HasExtras, bool HasGroups)[] All =
    [
        ("documented", PackageChoice.Documented, false, false),
        ("auto", PackageChoice.Automatic, true, true),
        ("script", PackageChoice.Script, false, false),
        ("requirements.txt", PackageChoice.Requirements, false, false),
        ("pylock.toml", PackageChoice.PyLock, false, false),
        ("uv.lock", PackageChoice.UvLock, true, true),
        ("pyproject.toml", PackageChoice.PyProject, true, true),
        ("setup.py", PackageChoice.SetupPy, true, false),
    ];

    /// <summary>All words, for messages.</summary>
    public static IEnumerable<string> Words => All.Select(entry => entry.Word);

    /// <summary>What a word means; null where it is none.</summary>
    public static PackageChoice? Of(string word) =>
        All.Where(entry => entry.Word == word).Select(entry => (PackageChoice?)entry.Choice).FirstOrDefault();

    /// <summary>The word of a choice.</summary>
    public static string WordOf(PackageChoice choice) => All.First(entry => entry.Choice == choice).Word;

    /// <summary>Whether the source can have extras.</summary>
    public static bool HasExtras(PackageChoice choice) => All.First(entry => entry.Choice == choice).HasExtras;

    /// <summary>Whether the source can have dependency groups.</summary>
    public static bool HasGroups(PackageChoice choice) => All.First(entry => entry.Choice == choice).HasGroups;
}

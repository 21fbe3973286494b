using Entrypoint.Failures;

namespace Entrypoint.Preparation.Projects;

/// <summary>What a <c>pyproject.toml</c> says about its packages, as far as it says it without being built.</summary>
internal sealed record ProjectFile
{
    public const string FileName = "pyproject.toml";

    /// <summary>The project's name, normalised; null where there is no <c>[project]</c>.</summary>
    public string? ProjectName { get; private init; }

    /// <summary>Whether there is a <c>[project]</c>.</summary>
    public bool HasProject { get; private init; }

    public bool HasBuildSystem { get; private init; }

    /// <summary>What builds it; null where it does not say, which means setuptools.</summary>
    public string? BuildBackend { get; private init; }

    /// <summary>What only a build can tell: names of keys of <c>[project]</c>.</summary>
    public IReadOnlyList<string> Dynamic { get; private init; } = [];

    public IReadOnlyList<Requirement> Dependencies { get; private init; } = [];

    /// <summary>By normalised names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Requirement>> Extras { get; private init; } = new Dictionary<string, IReadOnlyList<Requirement>>();

    public DependencyGroups Groups { get; private init; } = DependencyGroups.None;

    /// <summary>The Pythons that it runs with; null where it does not say.</summary>
    public PythonVersions? Python { get; private init; }

    /// <summary>Whether a tool's settings say that it is a package, or that it is none; null where they do not.</summary>
    public bool? IsCalledPackage { get; private init; }

    /// <summary>Whether it names indexes or other places for its packages, which pip does not read.</summary>
    public bool NamesIndexes { get; private init; }

    /// <summary>The tool in whose own table its dependencies stand, in a way that only that tool can apply; null where there is none.</summary>
    public string? OwnTool { get; private init; }

    /// <summary>
    /// Whether it is to be built and installed. Like uv: where it has a <c>[build-system]</c>, unless it says that it is none; besides
    /// where only a build can tell what is asked for.
    /// </summary>
    public bool IsPackage(IReadOnlyCollection<string> extras) =>
        IsCalledPackage != false
        && (HasBuildSystem
            || (HasProject && IsCalledPackage == true)
            || Dynamic.Contains("dependencies", StringComparer.Ordinal)
            || (extras.Count > 0 && Dynamic.Contains("optional-dependencies", StringComparer.Ordinal)));

    /// <summary>Reads the text of the file.</summary>
    /// <exception cref="EntrypointException">78: it is broken.</exception>
    public static ProjectFile Read(string text)
    {
        var toml = TomlText.Read(text, FileName);
        var project = toml.Table("project");
        var tool = toml.Table("tool");
        var (uv, poetry) = (tool?.Table("uv"), tool?.Table("poetry"));
        return new ProjectFile
        {
            HasProject = project is not null,
            ProjectName = project?.Text("name") is { } name ? PackageName.Normalize(name) : null,
            BuildBackend = toml.Table("build-system")?.Text("build-backend"),
            HasBuildSystem = toml.Table("build-system") is not null,
            Dynamic = project?.Texts("dynamic") ?? [],
            Dependencies = [.. (project?.Texts("dependencies") ?? []).Select(dependency => Requirement.Read(dependency, FileName))],
            Extras = ExtrasOf(project?.Table("optional-dependencies")),
            Groups = DependencyGroups.Read(toml.Table("dependency-groups")),
            Python = project is null ? null : PythonOf(project),
            IsCalledPackage = uv?.Flag("package") ?? poetry?.Flag("package-mode"),
            NamesIndexes = (uv is not null && HasIndexes(uv)) || poetry?.Tables("source").Count > 0,
            OwnTool = OwnToolOf(poetry, tool),
        };
    }

    /// <summary>The Pythons of a table's <c>requires-python</c>.</summary>
    /// <exception cref="EntrypointException">78: it is no version specifier.</exception>
    public static PythonVersions? PythonOf(TomlText table) => table.Text("requires-python") is not { } text
        ? null
        : PythonVersions.Read(text) ?? throw table.Wrong("requires-python", $"a version specifier such as \">=3.10\": \"{text}\"");

    /// <summary>Whether a <c>[tool.uv]</c> names other places for packages than pip's.</summary>
    public static bool HasIndexes(TomlText uv) => uv.Keys.Any(key => key is "sources" or "index" or "index-url" or "extra-index-url" or "find-links");

    private static Dictionary<string, IReadOnlyList<Requirement>> ExtrasOf(TomlText? table)
    {
        var extras = new Dictionary<string, IReadOnlyList<Requirement>>(StringComparer.Ordinal);
        foreach (var key in table?.Keys ?? [])
        {
            extras[PackageName.Normalize(key)] = [.. table!.Texts(key).Select(dependency => Requirement.Read(dependency, FileName))];
        }

        return extras;
    }

    private static string? OwnToolOf(TomlText? poetry, TomlText? tool) =>
        poetry?.Keys.Contains("dependencies") == true ? "poetry" : tool?.Keys.Contains("pixi") == true ? "pixi" : null;
}

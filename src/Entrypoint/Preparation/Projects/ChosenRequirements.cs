using Entrypoint.Failures;

namespace Entrypoint.Preparation.Projects;

/// <summary>What is to be installed of a project, with the extras and dependency groups that were asked for.</summary>
internal sealed class ChosenRequirements
{
    private readonly ProjectFile _file;
    private readonly List<Requirement> _found = [];
    private readonly HashSet<(string Extra, string? Marker)> _expanded = [];

    private ChosenRequirements(ProjectFile file) => _file = file;

    /// <summary>Of a project that is no package: its dependencies, those of the extras, those of the groups.</summary>
    /// <exception cref="EntrypointException">78: an extra or a group is not there, or is broken.</exception>
    public static IReadOnlyList<Requirement> OfProject(ProjectFile file, IEnumerable<string> extras, IEnumerable<string> groups)
    {
        var chosen = new ChosenRequirements(file);
        chosen.Add(file.Dependencies, null);
        foreach (var extra in extras)
        {
            chosen.AddExtra(KnownExtra(file, extra), null);
        }

        chosen.Add(OfGroups(file, groups), null);
        return chosen._found;
    }

    /// <summary>Of the groups alone.</summary>
    /// <exception cref="EntrypointException">78: a group is not there, or is broken.</exception>
    public static IReadOnlyList<Requirement> OfGroups(ProjectFile file, IEnumerable<string> groups) =>
        [.. groups.SelectMany(group => file.Groups.Expand(Known(group, "dependency group", file.Groups.Names, ProjectFile.FileName)))];

    /// <summary>The extra's name, normalised.</summary>
    /// <exception cref="EntrypointException">78: it is not there.</exception>
    public static string KnownExtra(ProjectFile file, string extra) => Known(extra, "extra", [.. file.Extras.Keys], ProjectFile.FileName);

    /// <summary>The name, normalised, of an extra or a group that is there.</summary>
    /// <param name="what">What it is the name of.</param>
    /// <param name="known">The normalised names that there are.</param>
    /// <exception cref="EntrypointException">78: it is not there.</exception>
    public static string Known(string name, string what, IReadOnlyCollection<string> known, string where)
    {
        var normalized = PackageName.Normalize(name);
        if (known.Contains(normalized, StringComparer.Ordinal))
        {
            return normalized;
        }

        var nearest = known.Count > 0 && NearestWord.To(normalized, known) is { } near ? $" Did you mean {near}?" : "";
        var there = known.Count == 0 ? $"it has no {what}s." : $"it has {string.Join(", ", known)}.";
        throw new EntrypointException(ExitCode.PreparationFailed, $"{where} could not be applied: there is no {what} {name} in it, {there}{nearest}");
    }

    /// <summary>A project names extras of its own by its own name (<c>all = ["me[gpu,plots]"]</c>), which nothing but the project itself could resolve.</summary>
    private void Add(IEnumerable<Requirement> requirements, string? marker)
    {
        foreach (var requirement in requirements.Select(requirement => requirement.Where(marker)))
        {
            if (requirement.Address is not null || requirement.Name != _file.ProjectName)
            {
                _found.Add(requirement);
                continue;
            }

            foreach (var extra in requirement.Extras)
            {
                AddExtra(KnownExtra(_file, extra), requirement.Marker);
            }
        }
    }

    private void AddExtra(string extra, string? marker)
    {
        if (_expanded.Add((extra, marker)))
        {
            Add(_file.Extras[extra], marker);
        }
    }
}

using Entrypoint.Failures;

namespace Entrypoint.Preparation.Projects;

/// <summary>The groups of dependencies that a project names besides its own (PEP 735).</summary>
internal sealed class DependencyGroups
{
    private const int DeepestInclude = 200;

    private readonly Dictionary<string, IReadOnlyList<Entry>> _groups = new(StringComparer.Ordinal);

    private DependencyGroups()
    {
    }

    /// <summary>One entry of a group: a dependency, or the name of a group that is included.</summary>
    private sealed record Entry(string Text, bool IsInclude);

    public static DependencyGroups None { get; } = new();

    /// <summary>The names, normalised, in the order of the file.</summary>
    public IReadOnlyCollection<string> Names => _groups.Keys;

    /// <summary>Reads the table.</summary>
    /// <exception cref="EntrypointException">78: it is broken.</exception>
    public static DependencyGroups Read(TomlText? table)
    {
        var groups = new DependencyGroups();
        foreach (var key in table?.Keys ?? [])
        {
            var entries = table!.Mixed(key, "include-group", text => new Entry(text, false), name => new Entry(PackageName.Normalize(name), true));
            if (!groups._groups.TryAdd(PackageName.Normalize(key), entries))
            {
                throw table.Wrong(key, "the only group of that name (case, -, _ and . make no difference)");
            }
        }

        return groups;
    }

    /// <summary>The dependencies of a group, with those of the groups that it includes.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="EntrypointException">78: it includes itself, or one that is not there, or holds what is no dependency.</exception>
    public IReadOnlyList<Requirement> Expand(string name)
    {
        var found = new List<Requirement>();
        Expand(name, [], [], found);
        return found;
    }

    private void Expand(string name, IReadOnlyList<string> above, HashSet<string> expanded, List<Requirement> found)
    {
        if (above.Contains(name, StringComparer.Ordinal))
        {
            throw Wrong($"the dependency group {name} includes itself ({string.Join(" → ", [.. above, name])}).");
        }

        if (above.Count == DeepestInclude)
        {
            throw Wrong($"its dependency groups include each other more than {DeepestInclude} deep.");
        }

        if (!_groups.TryGetValue(name, out var entries))
        {
            throw Wrong($"the dependency group {above[^1]} includes {name}, which is not there.");
        }

        if (!expanded.Add(name))
        {
            // It has been added already, by another way.
            return;
        }

        foreach (var entry in entries)
        {
            if (entry.IsInclude)
            {
                Expand(entry.Text, [.. above, name], expanded, found);
            }
            else
            {
                found.Add(Requirement.Read(entry.Text, ProjectFile.FileName));
            }
        }
    }

    private static EntrypointException Wrong(string reason) => TomlText.Unreadable(ProjectFile.FileName, reason, null);
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Entrypoint.Workspace;

/// <summary>One mounted hierarchy of control groups.</summary>
/// <param name="Root">The group that the mount point shows.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="IsVersion2">Whether it is the unified hierarchy.</param>
/// <param name="SuperOptions">Names the controllers of a version 1 hierarchy, among others.</param>
internal sealed partial record CgroupMount(string Root, string Point, bool IsVersion2, string SuperOptions)
{
    /// <summary>
    /// Reads a line of <c>/proc/self/mountinfo</c>; null where it is none of control groups. The fields: id, parent, device, root, mount
    /// point, options, any number of optional fields, a hyphen, type, source, super options.
    /// </summary>
    public static CgroupMount? Parse(string line)
    {
        var halves = line.Split(" - ", 2);
        var mount = halves[0].Split(' ');
        return halves.Length == 2 && mount.Length >= 6 && halves[1].Split(' ') is ["cgroup" or "cgroup2", _, ..] file
            ? new(Unescape(mount[3]), Unescape(mount[4]), file[0] == "cgroup2", file.Length > 2 ? file[2] : "")
            : null;
    }

    /// <summary>Whether the controller belongs to this hierarchy (version 1).</summary>
    public bool Has(string controller) => SuperOptions.Split(',').Contains(controller);

    /// <summary>
    /// The folders of a group and of those around it, innermost first. A group that the mount does not show (the namespaces of mounts and
    /// of control groups can differ) is taken to be the mounted one, which is what a container sees of its own.
    /// </summary>
    public IEnumerable<string> FoldersUpFrom(string group)
    {
        var root = Root.TrimEnd('/');
        var below = group == root || group.StartsWith(root + "/", StringComparison.Ordinal) ? group[root.Length..].Trim('/') : "";
        string[] names = below.Length == 0 ? [] : below.Split('/');
        if (names.Contains(".."))
        {
            names = [];
        }

        for (var depth = names.Length; depth >= 0; depth--)
        {
            yield return string.Join('/', [Point.TrimEnd('/'), .. names[..depth]]);
        }
    }

    /// <summary>Space, tab, newline and backslash are written as three octal digits.</summary>
    private static string Unescape(string text) =>
        Escaped().Replace(text, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Escaped();
}

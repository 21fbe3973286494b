using System.Text;
using System.Text.RegularExpressions;

namespace Entrypoint.Tests;

/// <summary>
/// The rooms of the house lie in one order, and a room uses only rooms below it. What is read are the sources: a using that is not needed
/// is an error of the build, so the usings, and the names that are written with their room in front, are all the uses that there are.
/// </summary>
public sealed partial class RoomTests
{
    /// <summary>From top to bottom. Between two rooms no arrow runs up; what lies in the root is used by nobody.</summary>
    private static readonly string[] Rooms =
    [
        "",
        "Reporting",
        "References",
        "Workspace",
        "Preparation",
        "Preparation.Projects",
        "Sources.Lab",
        "Sources.VersionControl",
        "Sources.Web",
        "Sources.Local",
        "Sources.Archives",
        "Sources",
        "Store",
        "CommandLine",
        "Processes",
        "Output",
        "Linux",
        "Failures",
    ];

    [Fact]
    public void No_room_uses_one_above_it()
    {
        var up = Uses().Where(use => Array.IndexOf(Rooms, use.To) < Array.IndexOf(Rooms, use.From)).ToList();

        Assert.True(up.Count == 0, Report(up));
    }

    [Fact]
    public void Every_folder_is_a_room_of_the_table() =>
        Assert.Equal(Rooms.Order(StringComparer.Ordinal), SourceFiles().Select(file => RoomOf(file)).Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<(string From, string To, string Where)> Uses()
    {
        foreach (var file in SourceFiles())
        {
            var room = RoomOf(file);
            foreach (var (line, index) in File.ReadLines(file).Select((line, index) => (line, index)).Where(line => !Comment().IsMatch(line.line)))
            {
                var used = Using().Match(line) is { Success: true } match ? [match.Groups["room"].Value] : Qualified(line);
                foreach (var other in used.Where(other => Rooms.Contains(other)))
                {
                    yield return (room, other, $"{Path.GetRelativePath(Source, file)}:{index + 1}");
                }
            }
        }
    }

    /// <summary>The rooms that stand in front of a name: <c>Output.Secret</c>, but not the property of <c>options.Output.Length</c>.</summary>
    private static IEnumerable<string> Qualified(string line) =>
        Rooms.Where(room => room.Length > 0 && Regex.IsMatch(line, $@"(?<![\w.""'/])(Entrypoint\.)?{Regex.Escape(room)}\.(?=\p{{Lu}}\w*\.|\p{{Lu}}\w+[ ?>({{])")
            && !line.Contains($"nameof({room}", StringComparison.Ordinal)
            && !PropertyNames.Contains(room));

    /// <summary>Rooms whose names are those of properties too, so that a name behind them says nothing.</summary>
    private static readonly string[] PropertyNames = ["Preparation", "Output", "Workspace", "CommandLine"];

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories).Where(file => !BuildOutput().IsMatch(Path.GetRelativePath(Source, file)));

    private static string RoomOf(string file) => Path.GetDirectoryName(Path.GetRelativePath(Source, file))!.Replace('/', '.');

    private static string Source { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Entrypoint.sln")))
            {
                return Path.Combine(folder.FullName, "src", "Entrypoint");
            }
        }

        throw new InvalidOperationException("The tests must be run from within the repository.");
    }

    private static string Report(IEnumerable<(string From, string To, string Where)> up)
    {
        var text = new StringBuilder("These arrows run up:\n");
        foreach (var (from, to, where) in up)
        {
            text.Append(null, $"  {where}: {(from.Length == 0 ? "the root" : from)} uses {(to.Length == 0 ? "the root" : to)}\n");
        }

        text.Append("The rooms, from top to bottom:\n");
        foreach (var room in Rooms)
        {
            text.Append(null, $"  {(room.Length == 0 ? "(the root)" : room)}\n");
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^using (static )?Entrypoint\.?(?<room>[\w.]*);")]
    private static partial Regex Using();

    [GeneratedRegex(@"^\s*//")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(obj|bin)/")]
    private static partial Regex BuildOutput();
}

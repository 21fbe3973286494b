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

    /// <summary>Rooms whose names are those of properties too, so that a name behind them says nothing.</summary>
    private static readonly string[] PropertyNames = ["Preparation", "Output", "Workspace", "CommandLine"];

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
        InFront.Where(room => room.Value.IsMatch(line) && !line.Contains($"nameof({room.Key}", StringComparison.Ordinal)).Select(room => room.Key);

    private static Dictionary<string, Regex> InFront { get; } = Rooms
        .Where(room => room.Length > 0 && !PropertyNames.Contains(room))
        .ToDictionary(room => room, room => new Regex($@"(?<![\w.""'/])(Entrypoint\.)?{Regex.Escape(room)}\.(?=\p{{Lu}}\w*\.|\p{{Lu}}\w+[ ?>({{])"));

    private static IEnumerable<string> SourceFiles() => RepositoryFiles.CSharp("src/Entrypoint");

    private static string RoomOf(string file) => Path.GetDirectoryName(Path.GetRelativePath(Source, file))!.Replace('/', '.');

    private static string Source { get; } = Path.Combine(RepositoryFiles.Root, "src", "Entrypoint");

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
}

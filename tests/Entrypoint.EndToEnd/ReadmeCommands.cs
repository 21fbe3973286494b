namespace Entrypoint.EndToEnd;

/// <summary>The commands in the README, as printed.</summary>
public static class ReadmeCommands
{
    private const string Fence = "```";

    /// <summary>Hosts of others, which cannot be reached from a test.</summary>
    private static readonly string[] Outside = ["github.com", "example.org"];

    /// <summary>
    /// Those that hold a word, and talk to nobody else's host; in their order. A command that goes on after a backslash is one line.
    /// </summary>
    public static string[] Containing(string word) =>
        [.. Commands().Where(line => line.Contains(word, StringComparison.Ordinal) && !Outside.Any(host => line.Contains(host, StringComparison.Ordinal)))];

    private static IEnumerable<string> Commands()
    {
        var text = File.ReadAllText(Repository.File("README.md")).Replace("\\\n", "", StringComparison.Ordinal);
        var inside = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                inside = line == $"{Fence}bash";
            }
            else if (inside && line.Length > 0)
            {
                yield return line;
            }
        }
    }
}

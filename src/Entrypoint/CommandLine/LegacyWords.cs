using System.Collections.Immutable;

namespace Entrypoint.CommandLine;

/// <summary>
/// The words that start ml-workspace's launcher (<c>python /resources/docker-entrypoint.py</c>): as the <c>CMD</c> of existing images
/// they arrive as arguments of our <c>ENTRYPOINT</c>, and are dropped.
/// </summary>
internal static class LegacyWords
{
    public static ImmutableArray<string> Drop(ImmutableArray<string> words, string resourcesPath)
    {
        var resources = resourcesPath.TrimEnd('/');
        bool IsScript(string word) => word == $"{resources}/docker-entrypoint.py" || word == $"{resources}/scripts/execute_code.py";
        return words switch
        {
            ["python" or "python3", var script, .. var rest] when IsScript(script) => [.. rest],
            [var script, .. var rest] when IsScript(script) => [.. rest],
            _ => words,
        };
    }
}

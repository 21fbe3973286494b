using Entrypoint.Benchmarks.Scenarios;

namespace Entrypoint.Benchmarks;

/// <summary>What <c>tests/benchmark.sh</c> passes on.</summary>
/// <param name="Scenarios">Those to run, in order.</param>
/// <param name="IsQuick">Small sizes and few rounds.</param>
/// <param name="JsonFile">Where the JSON goes.</param>
/// <param name="ChartFolder">Where the pictures go.</param>
internal sealed record BenchmarkArguments(IReadOnlyList<Scenario> Scenarios, bool IsQuick, string JsonFile, string ChartFolder)
{
    /// <summary>Reads them; null, after a line that says how, when they cannot be.</summary>
    public static BenchmarkArguments? Read(string[] words, IReadOnlyList<Scenario> all)
    {
        var names = new List<string>();
        var (quick, json, charts) = (false, "benchmark.json", "charts");
        for (var i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "--only" when i + 1 < words.Length && all.Any(scenario => scenario.Name == words[i + 1]):
                    names.Add(words[++i]);
                    break;
                case "--json" when i + 1 < words.Length:
                    json = words[++i];
                    break;
                case "--charts" when i + 1 < words.Length:
                    charts = words[++i];
                    break;
                default:
                    Console.Error.WriteLine(
                        $"usage: tests/benchmark.sh [--quick] [--only NAME]... [--json FILE] [--charts FOLDER]; NAME is one of {string.Join(", ", all.Select(scenario => scenario.Name))}");
                    return null;
            }
        }

        return new BenchmarkArguments([.. all.Where(scenario => names.Count == 0 || names.Contains(scenario.Name))], quick, json, charts);
    }
}

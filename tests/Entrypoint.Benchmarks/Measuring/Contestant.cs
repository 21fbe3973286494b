namespace Entrypoint.Benchmarks.Measuring;

/// <summary>One side of a comparison.</summary>
/// <param name="Name">As it stands in the table.</param>
/// <param name="Command">What is run each time.</param>
/// <param name="Before">What makes each run like the first one; not measured.</param>
internal sealed record Contestant(string Name, Command Command, Action? Before = null)
{
    /// <summary>Runs all of them in turn, as often as asked, so that what else the machine does meets all alike.</summary>
    /// <param name="warmUp">Runs of each that are not counted, for what only the first one has to read from the disk.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<Sample>> Alternate(
        IReadOnlyList<Contestant> contestants, int rounds, string log, int warmUp = 0)
    {
        var samples = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Sample>());
        for (var round = -warmUp; round < rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                contestant.Before?.Invoke();
                var sample = TimedProcess.Run(contestant.Command, log);
                if (round >= 0)
                {
                    samples[contestant.Name].Add(sample);
                }
            }
        }

        return samples.ToDictionary(pair => pair.Key, IReadOnlyList<Sample> (pair) => pair.Value);
    }
}

namespace Entrypoint.Benchmarks.Measuring;

/// <summary>What was measured again and again of one contestant.</summary>
/// <param name="Values">In the order in which they were taken.</param>
internal sealed record Series(IReadOnlyList<double> Values)
{
    /// <summary>The middle one.</summary>
    public double Median => Quantile(0.5);

    /// <summary>Half of the distance between the quartiles, which one slow run does not change.</summary>
    public double Spread => (Quantile(0.75) - Quantile(0.25)) / 2;

    /// <summary>Seconds from start to end of each run.</summary>
    public static Series Seconds(IEnumerable<Sample> samples) => new([.. samples.Select(sample => sample.Wall.TotalSeconds)]);

    private double Quantile(double share)
    {
        double[] sorted = [.. Values.Order()];
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (position - below));
    }
}

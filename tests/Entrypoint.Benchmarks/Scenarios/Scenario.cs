using Entrypoint.Benchmarks.Reporting;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>One part of the run.</summary>
/// <param name="name">As it is given to <c>--only</c>.</param>
internal abstract class Scenario(string name)
{
    public string Name { get; } = name;

    /// <summary>Makes what it needs, measures, and leaves nothing running.</summary>
    public abstract IAsyncEnumerable<Row> RunAsync(Workbench bench);

    /// <summary>A line that compares how long two took.</summary>
    /// <param name="limit">What the ratio may be at most; null where nothing is asked.</param>
    protected Row Times(
        string what,
        IReadOnlyDictionary<string, IReadOnlyList<Measuring.Sample>> samples,
        string ours,
        string theirs,
        double? limit = null)
    {
        var (mine, other) = (Measuring.Series.Seconds(samples[ours]), Measuring.Series.Seconds(samples[theirs]));
        var ratio = mine.Median / other.Median;
        return new Row(Name, what, Quantity.Time(mine), theirs, Quantity.Time(other), ratio, limit is { } most ? Bound.Ratio(ratio, most) : null)
        {
            Values = new Dictionary<string, IReadOnlyList<double>> { [$"{ours}, s"] = mine.Values, [$"{theirs}, s"] = other.Values },
        };
    }
}

namespace Entrypoint.Benchmarks.Reporting;

/// <summary>One line of the table: two sides, and what came of it.</summary>
/// <param name="Scenario">Which part of the run it belongs to.</param>
/// <param name="What">What was measured.</param>
/// <param name="Ours">Ours, with its unit.</param>
/// <param name="Against">What it is measured against; empty where it stands alone.</param>
/// <param name="Theirs">Theirs, with its unit.</param>
/// <param name="Ratio">Ours by theirs; null where it stands alone.</param>
/// <param name="Bound">What it may be at most; null where nothing is asked.</param>
internal sealed record Row(string Scenario, string What, string Ours, string Against, string Theirs, double? Ratio, Bound? Bound = null)
{
    /// <summary>Whether it is as asked; null where nothing is asked.</summary>
    public bool? Met => Bound?.Met;

    /// <summary>The picture that the README shows of it; null for none.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Chart? Chart { get; init; }

    /// <summary>All single values, for the JSON file.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Values { get; init; } = new Dictionary<string, IReadOnlyList<double>>();
}

/// <summary>A limit, and the value that must not be above it.</summary>
/// <param name="Words">The limit in words, as it stands in the table.</param>
internal sealed record Bound(double Value, double Limit, string Words)
{
    public bool Met => Value <= Limit;

    /// <summary>For a ratio.</summary>
    public static Bound Ratio(double value, double limit) => new(value, limit, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"≤ {limit:0.##}"));
}

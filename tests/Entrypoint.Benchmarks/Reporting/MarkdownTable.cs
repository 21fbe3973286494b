using System.Globalization;
using System.Text;

namespace Entrypoint.Benchmarks.Reporting;

/// <summary>The table that the README shows.</summary>
internal static class MarkdownTable
{
    public static string Of(IEnumerable<Row> rows, string machine)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{machine}\n\n| what | entrypoint | against | | ratio | asked |\n|---|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            var ratio = row.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
            var asked = row.Bound is { } bound ? $"{bound.Words}: {(bound.Met ? "met" : "**not met**")}" : "";
            text.Append(CultureInfo.InvariantCulture, $"| {Cell(row.What)} | {Cell(row.Ours)} | {Cell(row.Against)} | {Cell(row.Theirs)} | {ratio} | {asked} |\n");
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}

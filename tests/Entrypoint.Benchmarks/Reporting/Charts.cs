using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Entrypoint.Benchmarks.Reporting;

/// <summary>One bar of a picture.</summary>
/// <param name="Name">What stands beside it.</param>
/// <param name="Value">Its length.</param>
internal sealed record ChartBar(string Name, double Value);

/// <summary>A picture of bars below each other: ours first, and then what it stands beside.</summary>
/// <param name="File">The name of its file, without an ending.</param>
/// <param name="Title">What it shows, with its unit.</param>
/// <param name="Format">How a value is written beside its bar, such as <c>0.0 ms</c> in quotes as .NET wants them.</param>
internal sealed record Chart(string File, string Title, string Format, IReadOnlyList<ChartBar> Bars)
{
    private const int Width = 720;
    private const int HeightOfBar = 36;
    private const int HeightOfTitle = 56;

    /// <summary>Writes the picture as SVG.</summary>
    public void Write(string folder)
    {
        using var plot = new Plot();
        double[] places = [.. Bars.Select((_, index) => (double)-index)];
        var bars = plot.Add.Bars(places, [.. Bars.Select(bar => bar.Value)]);
        bars.Horizontal = true;
        foreach (var (bar, index) in bars.Bars.Select((bar, index) => (bar, index)))
        {
            bar.Label = bar.Value.ToString(Format, CultureInfo.InvariantCulture);
            bar.FillColor = index == 0 ? Colors.SteelBlue : Colors.LightSlateGray;
            bar.LineWidth = 0;
            bar.Size = 0.6;
        }

        plot.Axes.Left.TickGenerator = new NumericManual(places, [.. Bars.Select(bar => bar.Name)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Margins(left: 0, right: 0.2);
        plot.Axes.Right.IsVisible = false;
        plot.Axes.Top.IsVisible = false;
        plot.Axes.Bottom.IsVisible = false;
        plot.HideGrid();
        plot.Title(Title, size: 14);
        Directory.CreateDirectory(folder);
        System.IO.File.WriteAllText(Path.Combine(folder, File + ".svg"), plot.GetSvgXml(Width, HeightOfTitle + (HeightOfBar * Bars.Count)));
    }
}

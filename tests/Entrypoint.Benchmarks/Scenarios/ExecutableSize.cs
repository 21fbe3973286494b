using Entrypoint.Benchmarks.Data;
using Entrypoint.Benchmarks.Reporting;
using Entrypoint.EndToEnd;

namespace Entrypoint.Benchmarks.Scenarios;

/// <summary>The size of the executable, and what it is made of.</summary>
internal sealed class ExecutableSize() : Scenario("size")
{
    /// <summary>Bytes; a megabyte is a million of them.</summary>
    private const double Most = 16e6;

    public override async IAsyncEnumerable<Row> RunAsync(Workbench bench)
    {
        await Task.CompletedTask;
        var size = new FileInfo(EntrypointProcess.Executable).Length;
        yield return new Row(Name, "size of the executable", Megabytes(size), "", "", null, new Bound(size, Most, "≤ 16 MB"));

        var statistics = Directory.EnumerateFiles(Repository.File("src", "Entrypoint", "obj"), "entrypoint.mstat", SearchOption.AllDirectories)
            .MaxBy(File.GetLastWriteTimeUtc)
            ?? throw new FileNotFoundException("Publish with IlcGenerateMstatFile=true first, as tests/benchmark.sh does.");
        var parts = SizeReport.Read(statistics);
        foreach (var (part, bytes) in parts.Take(10))
        {
            yield return new Row(Name, $"of that: {part}", Megabytes(bytes), "", "", null);
        }

        yield return new Row(Name, $"of that: {parts.Count - 10} smaller parts, and what is linked in from C", Megabytes(size - parts.Take(10).Sum(part => part.Bytes)), "", "", null);
    }

    private static string Megabytes(double bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1e6:0.00} MB");
}

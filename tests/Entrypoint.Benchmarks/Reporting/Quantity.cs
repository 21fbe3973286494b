using System.Globalization;
using Entrypoint.Benchmarks.Measuring;

namespace Entrypoint.Benchmarks.Reporting;

/// <summary>Numbers with units, as short as they can be read.</summary>
internal static class Quantity
{
    /// <summary>A median with its spread.</summary>
    public static string Time(Series seconds) => seconds.Median < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds.Median * 1000:0.0} ± {seconds.Spread * 1000:0.0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds.Median:0.00} ± {seconds.Spread:0.00} s");

    /// <summary>A time alone, in seconds.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:0} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.0} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
    };

    /// <summary>Bytes.</summary>
    public static string Size(double bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):0.0} MiB"),
    };
}

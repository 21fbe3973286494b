using System.Globalization;
using System.Runtime.InteropServices;

namespace Entrypoint.Benchmarks.Reporting;

/// <summary>What the numbers were taken on.</summary>
internal static class Machine
{
    public static string Describe(DateTimeOffset time)
    {
        var processor = Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = long.Parse((Field("/proc/meminfo", "MemTotal") ?? "0 kB").Split(' ')[0], CultureInfo.InvariantCulture) >> 20;
        var system = Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "Linux";
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time:yyyy-MM-dd}; {Environment.ProcessorCount} × {processor}, {memory} GiB; {system}, Linux {kernel}. Medians, ± half the distance between the quartiles.");
    }

    private static string? Field(string file, string name, char separator = ':') => File.ReadLines(file)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim())
        .FirstOrDefault();
}

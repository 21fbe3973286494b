using System.Text.RegularExpressions;

namespace Entrypoint.EndToEnd.Systems;

/// <summary>What the executable asks of the system that it is started on.</summary>
public sealed partial class FloorTests
{
    private const long LargestSize = 16_000_000;

    /// <summary>RHEL 7 has it, and all that came after.</summary>
    private static readonly Version Floor = new(2, 17);

    [Fact]
    public Task Starts_with_an_old_c_library() => AssertFloorAsync(EntrypointProcess.Executable, "objdump");

    [Fact]
    public Task Starts_with_an_old_c_library_on_arm64() => AssertFloorAsync(Arm64.Executable, "aarch64-linux-gnu-objdump");

    [Fact]
    public void Is_not_too_large() => Assert.All(
        [EntrypointProcess.Executable, Arm64.Executable],
        file => Assert.InRange(new FileInfo(file).Length, 1, LargestSize));

    private static async Task AssertFloorAsync(string executable, string objdump)
    {
        var symbols = await Tool.RunAsync(objdump, ["--dynamic-syms", executable]);

        var versions = SymbolVersion().Matches(symbols).Select(match => Version.Parse(match.Groups[1].ValueSpan)).Distinct().ToList();
        Assert.NotEmpty(versions);
        Assert.True(versions.Max() <= Floor, $"{executable} needs glibc {versions.Max()}: {string.Join('\n', symbols.Split('\n').Where(line => line.Contains($"GLIBC_{versions.Max()}", StringComparison.Ordinal)))}");
    }

    [GeneratedRegex(@"GLIBC_(2\.[0-9.]+)")]
    private static partial Regex SymbolVersion();
}

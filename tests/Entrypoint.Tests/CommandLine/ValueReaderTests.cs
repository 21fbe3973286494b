using Entrypoint.CommandLine;
using Entrypoint.Failures;

namespace Entrypoint.Tests.CommandLine;

public sealed class ValueReaderTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    [InlineData("1h30m", 5400)]
    [InlineData("500ms", 0.5)]
    [InlineData("1.5h", 5400)]
    [InlineData(" 3s ", 3)]
    [InlineData("0", 0)]
    public void Reads_durations(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), ValueReader.Duration("--x", text));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1")]
    [InlineData("1 h")]
    [InlineData("1y")]
    [InlineData("1e3")]
    [InlineData("٣")]
    [InlineData("99999999999999999999999999999999h")]
    [InlineData("infinity")]
    public void Refuses_what_is_no_duration(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<EntrypointException>(() => ValueReader.Duration("--x", text)).Code);

    [Fact]
    public void Zero_is_no_limit() => Assert.Null(ValueReader.Limit("--timeout", "0"));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("123", 123)]
    [InlineData("20GiB", 20L << 30)]
    [InlineData("1.5 kB", 1500)]
    [InlineData("2m", 2_000_000)]
    [InlineData("1TiB", 1L << 40)]
    public void Reads_sizes(string text, long bytes) => Assert.Equal(bytes, ValueReader.Size("S", text));

    [Theory]
    [InlineData("much")]
    [InlineData("-1")]
    [InlineData("1XB")]
    [InlineData("GiB")]
    [InlineData("")]
    [InlineData("99999999PiB")]
    public void Refuses_what_is_no_size(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<EntrypointException>(() => ValueReader.Size("S", text)).Code);
}

using Entrypoint.Failures;
using Entrypoint.Workspace;

namespace Entrypoint.Tests.Workspace;

public sealed class ThreadCountTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("7", 7)]
    [InlineData("64", 64)]
    public void Is_the_number_that_was_given(string text, int expected) => Assert.Equal(expected, ThreadCount.Parse(text));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.5")]
    [InlineData("four")]
    [InlineData("99999999999")]
    public void Is_a_usage_error_for_anything_else(string text)
    {
        var error = Assert.Throws<EntrypointException>(() => ThreadCount.Parse(text));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains("MAX_NUM_THREADS", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'auto'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(9, 8)]
    [InlineData(32, 31)]
    [InlineData(33, 32)]
    [InlineData(256, 32)]
    [InlineData(0, 1)]
    public void Of_auto_leaves_a_cpu_free_above_eight_and_stops_at_32(int cpus, int expected) =>
        Assert.Equal(expected, ThreadCount.Parse("auto", () => cpus));

    [Fact]
    public void Of_auto_may_be_written_in_any_case() => Assert.Equal(3, ThreadCount.Parse("AUTO", () => 3));

    [Fact]
    public void Of_auto_is_never_more_than_the_machine_has() => Assert.InRange(ThreadCount.Parse("auto"), 1, 32);
}

using Entrypoint.CommandLine;

namespace Entrypoint.Tests.CommandLine;

public sealed class HelpPageTests
{
    [Fact]
    public void Has_every_option() => Assert.All(OptionTable.All, option => Assert.Contains(option.Name, HelpPage.Text(), StringComparison.Ordinal));

    [Theory]
    [InlineData("EXECUTE_CODE")]
    [InlineData("WORKSPACE_HOME")]
    [InlineData("LAB_API_TOKEN")]
    [InlineData("DATA_ENVIRONMENT")]
    [InlineData("MAX_NUM_THREADS")]
    [InlineData("ENTRYPOINT_STATE")]
    [InlineData("128 + N")]
    [InlineData("  66 ")]
    [InlineData("126, 127")]
    public void Has_variables_and_exit_codes(string text) => Assert.Contains(text, HelpPage.Text(), StringComparison.Ordinal);

    /// <summary>All meanings begin in one column.</summary>
    [Fact]
    public void Is_aligned() => Assert.All(
        HelpPage.Text().Split('\n').Where(line => line.StartsWith("  --", StringComparison.Ordinal)),
        line => Assert.True(line[27] == ' ' && line[28] != ' ', line));

    [Fact]
    public void Fits_a_wide_terminal() => Assert.All(HelpPage.Text().Split('\n'), line => Assert.True(line.Length <= 130, line));
}

using Entrypoint.Output;

namespace Entrypoint.Tests.Output;

public sealed class ElapsedTests
{
    [Theory]
    [InlineData(0, "0:00:00")]
    [InlineData(65.25, "0:01:05.250000")]
    [InlineData(86400, "1 day, 0:00:00")]
    [InlineData(180000, "2 days, 2:00:00")]
    public void Reads_as_in_Python(double seconds, string text) => Assert.Equal(text, Elapsed.Text(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("'a b' c.py --x=1 '$(x)' 'it'\\''s' ''", "a b", "c.py", "--x=1", "$(x)", "it's", "")]
    public void Command_lines_can_be_pasted_into_a_shell(string text, params string[] words) => Assert.Equal(text, ShellWords.Join(words));
}

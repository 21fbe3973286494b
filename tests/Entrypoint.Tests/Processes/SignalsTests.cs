using Entrypoint.Processes;

namespace Entrypoint.Tests.Processes;

public sealed class SignalsTests
{
    [Fact]
    public void All_that_can_be_caught_is_forwarded_but_crashes_PIPE_CHLD_and_glibcs_own() =>
        Assert.Equal(
            Enumerable.Range(1, 64).Except([4, 5, 6, 7, 8, 9, 11, 13, 17, 19, 31, 32, 33]),
            Signals.Forwarded.Numbers);

    [Theory]
    [InlineData(15, "SIGTERM")]
    [InlineData(9, "SIGKILL")]
    [InlineData(31, "SIGSYS")]
    [InlineData(34, "SIGRTMIN")]
    [InlineData(64, "SIGRTMIN+30")]
    public void Signals_have_names(int signal, string name) => Assert.Equal(name, Signals.Name(signal));

    [Fact]
    public void A_status_reads_as_in_a_shell()
    {
        Assert.Equal((3, "exit code 3"), (new ExitStatus(3, null, 0).ShellCode, new ExitStatus(3, null, 0).ToString()));
        Assert.Equal((137, "signal 9 (SIGKILL)"), (new ExitStatus(0, 9, 0).ShellCode, new ExitStatus(0, 9, 0).ToString()));
    }
}

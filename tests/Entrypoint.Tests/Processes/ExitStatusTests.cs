using Entrypoint.Processes;

namespace Entrypoint.Tests.Processes;

public class ExitStatusTests
{
    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(1, 1, null)]
    [InlineData(128, 128, null)]
    [InlineData(137, 0, 9)]
    [InlineData(192, 0, 64)]
    [InlineData(193, 193, null)]
    [InlineData(255, 255, null)]
    public void Is_read_from_what_a_shell_would_say(int shellCode, int code, int? signal)
    {
        var status = ExitStatus.OfShellCode(shellCode);

        Assert.Equal(new ExitStatus(code, signal, 0), status);
        Assert.Equal(shellCode, status.ShellCode);
    }
}

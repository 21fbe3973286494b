using Entrypoint.Preparation;
using Entrypoint.Processes;

namespace Entrypoint.Tests.Preparation;

public sealed class FailureReasonTests
{
    private static readonly ExitStatus Failed = new(1, null, 0);

    [Theory]
    [InlineData("Looking in links\nERROR: No matching distribution found for x\n\n[notice] A new release of pip\n", "ERROR: No matching distribution found for x")]
    [InlineData("ResolvePackageNotFound: \n  - x=99\n", "ResolvePackageNotFound: - x=99")]
    [InlineData("one\ntwo\n", "two")]
    [InlineData("\e[31mERROR: red\e[0m\nthe end", "ERROR: red")]
    [InlineData("Traceback\nOSError: [Errno 28] No space left on device\n", "OSError: [Errno 28] No space left on device")]
    public void Is_the_line_that_says_why(string output, string line) => Assert.Equal(line, FailureReason.Line(output));

    [Fact]
    public void Is_nothing_without_output() => Assert.Null(FailureReason.Line("\n \n"));

    [Fact]
    public void Is_one_line_of_bearable_length() => Assert.InRange(FailureReason.Line(new string('x', 10_000))!.Length, 1, 400);

    [Theory]
    [InlineData("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full")]
    [InlineData("Failed to establish a new connection: [Errno -2] Name or service not known')': /simple/x/\nERROR: No matching distribution found for x", "cannot be reached")]
    [InlineData("CondaHTTPError: HTTP 000 CONNECTION FAILED for url", "cannot be reached")]
    [InlineData("ERROR: No matching distribution found for x", "no such package")]
    [InlineData("LibMambaUnsatisfiableError: Encountered problems while solving", "conda finds no set")]
    [InlineData("ERROR: ResolutionImpossible: for help visit", "contradict")]
    [InlineData("error: command 'gcc' failed: No such file or directory", "compiler")]
    [InlineData("error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", "compiler")]
    [InlineData("/bin/sh: 1: gcc: not found", "compiler")]
    [InlineData("/usr/bin/python3: No module named pip", "has no pip")]
    [InlineData("ModuleNotFoundError: No module named 'venv'", "venv module")]
    [InlineData("PermissionError: [Errno 13] Permission denied: '/opt'", "cannot be written")]
    [InlineData("MemoryError", "out of memory")]
    public void Has_a_hint_where_the_cause_is_known(string output, string hint) =>
        Assert.Contains(hint, FailureReason.Hint(Failed, output)!, StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("ModuleNotFoundError: No module named 'pipeline'")]
    [InlineData("something else")]
    public void Has_no_hint_where_it_is_not(string output) => Assert.Null(FailureReason.Hint(Failed, output));

    [Theory]
    [InlineData(0, 9)]
    [InlineData(137, null)]
    public void Knows_a_program_that_was_killed(int code, int? signal) =>
        Assert.Contains("memory", FailureReason.Hint(new ExitStatus(code, signal, 0), "")!, StringComparison.Ordinal);
}

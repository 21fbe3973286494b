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
    [InlineData("Reading package lists...\nE: Unable to locate package nosuch\n", "E: Unable to locate package nosuch")]
    [InlineData("The virtual environment was not created successfully because ensurepip is not\navailable.  On Debian/Ubuntu\n\nFailing command: /x/bin/python\n", "The virtual environment was not created successfully because ensurepip is not")]
    [InlineData("installing\nsetup.sh: line 3: nosuch: command not found\n", "setup.sh: line 3: nosuch: command not found")]
    [InlineData("ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.\n\nThe conflict is caused by:\n    a 1 depends on x==1\nERROR: ResolutionImpossible: for help visit https://pip.pypa.io\n", "ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.")]
    public void Is_the_line_that_says_why(string output, string line) => Assert.Equal(line, FailureReason.Line(output));

    private const string Metadata = """
        Processing ./broken
          Preparing metadata (pyproject.toml): finished with status 'error'
          error: subprocess-exited-with-error

          × Preparing metadata (pyproject.toml) did not run successfully.
          │ exit code: 1
          ╰─> [2 lines of output]
              hello
              error: the header file casefoo.h is missing
              [end of output]

          note: This error originates from a subprocess, and is likely not a problem with pip.
        error: metadata-generation-failed

        × Encountered error while generating package metadata.
        ╰─> See above for output.

        note: This is an issue with the package mentioned above, not pip.
        hint: See above for details.
        """;

    private const string Compiler = """
        Building wheels for collected packages: x
          error: subprocess-exited-with-error

          × Building wheel for x (pyproject.toml) did not run successfully.
          │ exit code: 1
          ╰─> [5 lines of output]
              gcc -c y.c
              y.c:1:10: fatal error: foo.h: No such file or directory
                  1 | #include <foo.h>
              compilation terminated.
              error: command '/usr/bin/gcc' failed with exit code 1
              [end of output]

          note: This error originates from a subprocess, and is likely not a problem with pip.
          ERROR: Failed building wheel for x
        Failed to build x
        ERROR: Could not build wheels for x, which is required to install pyproject.toml-based projects
        """;

    private const string Requirement = """
        Processing ./broken
          × installing build dependencies did not run successfully.
          │ exit code: 1
          ╰─> [3 lines of output]
              ERROR: Could not find a version that satisfies the requirement setuptools (from versions: none)
              ERROR: No matching distribution found for setuptools
              [end of output]

          note: This error originates from a subprocess, and is likely not a problem with pip.
        ERROR: Failed to build 'file:///x/broken' when installing build dependencies
        """;

    private const string Silent = """
        Collecting y
          error: subprocess-exited-with-error
          × python setup.py egg_info did not run successfully.
          │ exit code: 1
          ╰─> [1 lines of output]
              This package needs CUDA.
              [end of output]
        error: metadata-generation-failed
        """;

    /// <summary>What the real pips 23.0, 25.1 and 26.2 print.</summary>
    [Theory]
    [InlineData(Metadata, "error: the header file casefoo.h is missing (./broken)")]
    [InlineData(Compiler, "y.c:1:10: fatal error: foo.h: No such file or directory (x)")]
    [InlineData(Requirement, "ERROR: No matching distribution found for setuptools (./broken)")]
    [InlineData(Silent, "This package needs CUDA. (y)")]
    public void Is_what_stands_above_pips_own_last_words(string output, string line) => Assert.Equal(line, FailureReason.Line(output));

    [Fact]
    public void Advises_in_a_conda_environment_what_helps_there() =>
        Assert.Contains("environment.yml", FailureReason.Hint(Failed, "/c/envs/x/bin/python: No module named pip", isConda: true)!, StringComparison.Ordinal);

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
    [InlineData("error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.", "UV_FROZEN")]
    [InlineData("error: Multiple top-level packages discovered in a flat-layout: ['data', 'models'].", "tool.uv.package")]
    [InlineData("error: could not create 'x.egg-info': Read-only file system", "built where it is")]
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

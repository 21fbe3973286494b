namespace Entrypoint.EndToEnd.Paths;

/// <summary>Which Python runs the job.</summary>
public sealed class InterpreterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Program(string name, string text)
    {
        _folder.Write(name, text);
        File.SetUnixFileMode(_folder[name], (UnixFileMode)0b111_101_101);
    }

    private Task<RunResult> RunAsync(string[] options, string? path = null) => EntrypointProcess.RunAsync(
        [_folder.Job("import sys; print('by', sys.executable)"), .. options], path is null ? null : new Dictionary<string, string?> { ["PATH"] = path });

    [Fact]
    public async Task Is_python_on_the_path_before_python3()
    {
        Program("bin/python", "#!/bin/sh\necho this is python\n");
        Program("bin/python3", "#!/bin/sh\necho this is python3\n");

        var result = await RunAsync([], $"{_folder["bin"]}:/usr/bin:/bin");

        Assert.Contains("this is python\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_python3_where_there_is_no_python()
    {
        Program("bin/python3", "#!/bin/sh\necho this is python3\n");

        var result = await RunAsync([], _folder["bin"]);

        Assert.Contains("this is python3\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_is_127()
    {
        Directory.CreateDirectory(_folder["bin"]);

        var result = await RunAsync([], _folder["bin"]);

        Assert.True(result.ExitCode == 127, result.ToString());
        Assert.Contains("python", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-python")]
    [InlineData("/not/there/python")]
    public async Task Given_but_missing_is_127(string python)
    {
        var result = await RunAsync(["--python", python]);

        Assert.True(result.ExitCode == 127, result.ToString());
        Assert.Contains(python, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_but_not_executable_is_126()
    {
        _folder.Write("python", "no program");

        var file = await RunAsync(["--python", _folder["python"]]);
        var directory = await RunAsync(["--python", "/etc"]);

        Assert.True(file.ExitCode == 126, file.ToString());
        Assert.True(directory.ExitCode == 126, directory.ToString());
    }

    [Fact]
    public async Task With_a_broken_first_line_is_127_and_of_the_wrong_format_126()
    {
        Program("broken", "#!/not/there\n");
        Program("format", "\u007fELF and nothing else");

        var broken = await RunAsync(["--python", _folder["broken"]]);
        var format = await RunAsync(["--python", _folder["format"]]);

        Assert.True(broken.ExitCode == 127, broken.ToString());
        Assert.True(format.ExitCode == 126, format.ToString());
    }

    [Fact]
    public async Task Is_never_looked_for_in_the_current_folder()
    {
        Program("python", "#!/bin/sh\necho the wrong one\n");
        var job = _folder.Job("print('the right one')");

        var result = await EntrypointProcess.RunAsync(
            [job], new Dictionary<string, string?> { ["PATH"] = $".::{Interpreter.SearchPath}:" }, workingDirectory: _folder.Path);

        Assert.Contains("the right one", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_is_found_out_before_anything_is_prepared()
    {
        _folder.Write("job/setup.sh", "echo prepared");

        var result = await RunAsync(["--python", "/not/there/python"]);

        Assert.True(result.ExitCode == 127, result.ToString());
    }
}

namespace Entrypoint.EndToEnd.CommandLine;

/// <summary>Command lines of images that were made for <c>docker-entrypoint.py</c> and <c>execute_code.py</c>.</summary>
public sealed class ExistingImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExistingImageTests()
    {
        _folder.Job("import sys; print('ran', sys.argv[1:])");
        _folder.Write("job/setup.sh", "echo prepared\n");
        _folder.Write("resources/docker-entrypoint.py", "raise SystemExit('the old launcher')");
        _folder.Write("resources/scripts/execute_code.py", "raise SystemExit('the old launcher')");
        _folder.Write("resources/scripts/run_workspace.py", "import sys; print('workspace', sys.argv[1:])");
    }

    public void Dispose() => _folder.Dispose();

    private Task<RunResult> RunAsync(string[] arguments, string? code) => EntrypointProcess.RunAsync(
        [.. arguments.Select(argument => argument.Replace("$RESOURCES_PATH", _folder["resources"], StringComparison.Ordinal))],
        new Dictionary<string, string?> { ["RESOURCES_PATH"] = _folder["resources"], ["EXECUTE_CODE"] = code, ["WORKSPACE_HOME"] = _folder.Path },
        workingDirectory: "/");

    [Theory]
    [InlineData("python", "$RESOURCES_PATH/docker-entrypoint.py")]
    [InlineData("python3", "$RESOURCES_PATH/docker-entrypoint.py")]
    [InlineData("$RESOURCES_PATH/docker-entrypoint.py")]
    [InlineData("python", "$RESOURCES_PATH/scripts/execute_code.py")]
    [InlineData("python3", "$RESOURCES_PATH/scripts/execute_code.py")]
    [InlineData("$RESOURCES_PATH/scripts/execute_code.py")]
    public async Task Their_leading_words_are_dropped(params string[] words)
    {
        var prepared = await RunAsync(words, "job");
        var codeOnly = await RunAsync([.. words, "--code-only"], "job");
        var requirementsOnly = await RunAsync([.. words, "--requirements-only"], "job");
        var given = await RunAsync([.. words, _folder["job"], "--", "x"], null);

        Assert.True(prepared.ExitCode == 0, prepared.ToString());
        Assert.Contains("prepared", prepared.Output, StringComparison.Ordinal);
        Assert.Contains("ran []", prepared.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("prepared", codeOnly.Output, StringComparison.Ordinal);
        Assert.Contains("ran []", codeOnly.Output, StringComparison.Ordinal);
        Assert.Contains("prepared", requirementsOnly.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ran []", requirementsOnly.Output, StringComparison.Ordinal);
        Assert.Contains("ran ['x']", given.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_code_they_start_the_workspace()
    {
        var result = await RunAsync(["python", "$RESOURCES_PATH/docker-entrypoint.py"], null);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("workspace []", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("ls")]
    public async Task A_program_for_code_is_answered_with_a_hint(string program)
    {
        var result = await EntrypointProcess.RunAsync([program], workingDirectory: _folder.Path);

        Assert.True(result.ExitCode == 66, result.ToString());
        Assert.Contains("--entrypoint", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_for_code_is_no_error_where_code_of_that_name_is_there()
    {
        _folder.Job("print('our own bash')", "bash");

        var result = await EntrypointProcess.RunAsync(["bash"], workingDirectory: _folder.Path);

        Assert.Contains("our own bash", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_script_behind_python_is_no_leading_word()
    {
        _folder.Write("other.py", "print('other')");

        var result = await EntrypointProcess.RunAsync(["python", "other.py"], workingDirectory: _folder.Path);

        Assert.True(result.ExitCode is 64 or 66, result.ToString());
        Assert.DoesNotContain("other\n", result.Output, StringComparison.Ordinal);
    }
}

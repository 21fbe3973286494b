namespace Entrypoint.EndToEnd.Paths;

/// <summary>Local paths that cannot be run: refused at once, with a word on what was tried.</summary>
public sealed class UnusablePathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunResult> RunAsync(params string[] arguments) =>
        EntrypointProcess.RunAsync(arguments, new Dictionary<string, string?> { ["TMPDIR"] = _folder.Path }, workingDirectory: _folder.Path);

    [Theory]
    [InlineData("job.zip", "", "empty")]
    [InlineData("job.ZIP", "print('ran')", "text")]
    [InlineData("job.pyz", "print('ran')", "text")]
    [InlineData("job.tar.gz", "<!doctype html><title>Sign in</title>", "a web page (HTML) that says 'Sign in'")]
    [InlineData("job.txz", "{\"a\": 1}", "a JSON document")]
    [InlineData("train.ipynb", "{\"cells\": []}", "jupyter nbconvert --to script 'train.ipynb'")]
    public async Task A_file_whose_name_promises_what_it_is_not_is_refused(string name, string content, string words)
    {
        _folder.Write(name, content);

        var result = await RunAsync(name);
        var plan = await RunAsync("--dry-run", name);

        Assert.True(result.ExitCode == 65, result.ToString());
        Assert.Contains(words, result.Output, StringComparison.Ordinal);
        Assert.True(plan.ExitCode == 65, plan.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_missing_main_is_reported_before_anything_is_installed(bool keepGoing)
    {
        _folder.Write("job/setup.sh", "echo prepared");

        var result = await RunAsync(keepGoing ? ["job", "--keep-going"] : ["job"]);

        Assert.True(result.ExitCode == 66, result.ToString());
        Assert.Contains("__main__.py", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("prepared\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_main_is_no_matter_where_only_the_requirements_are_wanted()
    {
        _folder.Write("job/setup.sh", "echo prepared");

        var result = await RunAsync("job", "--requirements-only");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("prepared\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_folder_inside_a_folder_is_not_entered()
    {
        _folder.Job("print('ran')", "outer/inner");

        var result = await RunAsync("outer");

        Assert.True(result.ExitCode == 66, result.ToString());
    }

    [Theory]
    [InlineData("not/there")]
    [InlineData("~/job")]
    [InlineData(" ")]
    [InlineData("/h")]
    public async Task What_is_not_there_is_66_and_the_message_says_what_was_tried(string reference)
    {
        var result = await RunAsync(reference);

        Assert.True(result.ExitCode == 66, result.ToString());
        Assert.Contains(reference, result.Output, StringComparison.Ordinal);
        var message = result.Output.ToLowerInvariant();
        Assert.Contains("path", message, StringComparison.Ordinal);
        Assert.Contains("vcs", message, StringComparison.Ordinal);
        Assert.Contains("http", message, StringComparison.Ordinal);
        Assert.Contains("lab", message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dangling_link_is_66()
    {
        File.CreateSymbolicLink(_folder["link"], "nowhere");

        var result = await RunAsync("link");

        Assert.True(result.ExitCode == 66, result.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_variable_that_is_not_set_or_empty_is_64_and_is_named(string? value)
    {
        var result = await EntrypointProcess.RunAsync(
            ["jobs/${NAME_OF_JOB}"], new Dictionary<string, string?> { ["NAME_OF_JOB"] = value }, _folder.Path);

        Assert.True(result.ExitCode == 64, result.ToString());
        Assert.Contains("NAME_OF_JOB", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_may_not_be_read_is_77()
    {
        _folder.Job("print('ran')");
        _folder.Write("closed.py", "print('ran')");
        File.SetUnixFileMode(_folder["job"], UnixFileMode.None);
        File.SetUnixFileMode(_folder["closed.py"], UnixFileMode.None);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        // Nobody, from a place where nobody may execute it.
        File.Copy(EntrypointProcess.Executable, _folder["entrypoint"]);
        foreach (var code in new[] { "job", "closed.py" })
        {
            using var process = EntrypointProcess.Start(
                ["--reuid=65534", "--regid=65534", "--clear-groups", _folder["entrypoint"], _folder[code], "--python", "/usr/bin/python3"],
                new Dictionary<string, string?> { ["HOME"] = null },
                workingDirectory: "/",
                program: "setpriv");
            var result = await process.WaitAsync();

            Assert.True(result.ExitCode == 77, result.ToString());
        }
    }
}

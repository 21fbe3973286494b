namespace Entrypoint.EndToEnd.Paths;

public sealed class LocalPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunResult> RunAsync(params string[] arguments) =>
        EntrypointProcess.RunAsync(arguments, new Dictionary<string, string?> { ["TMPDIR"] = _folder.Path }, workingDirectory: _folder.Path);

    [Theory]
    [InlineData("job")]
    [InlineData("job/")]
    [InlineData("./job")]
    [InlineData("other/../job")]
    [InlineData("link")]
    public async Task A_folder_runs(string reference)
    {
        _folder.Job("import helper");
        _folder.Write("job/helper.py", "print('ran with its neighbours')");
        Directory.CreateDirectory(_folder["other"]);
        Directory.CreateSymbolicLink(_folder["link"], "job");

        var result = await RunAsync(reference);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran with its neighbours", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("job#subdirectory=train", 0)]
    [InlineData("job#egg=x&subdirectory=/train/", 0)]
    [InlineData("job#subdir=train", 65)]
    [InlineData("job#train", 65)]
    [InlineData("job#subdirectory=none", 66)]
    [InlineData("job#subdirectory=..", 65)]
    [InlineData("job#sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 65)]
    [InlineData("empty.py#sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0)]
    [InlineData("empty.py#sha256=f3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 65)]
    [InlineData("empty.py#subdirectory=x", 66)]
    public async Task A_fragment_names_a_part_or_a_digest(string reference, int code)
    {
        _folder.Job("print('root')");
        _folder.Job("print('train')", "job/train");
        _folder.Write("empty.py", "");

        var result = await RunAsync(reference);

        Assert.True(result.ExitCode == code, result.ToString());
        Assert.DoesNotContain("root\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_folder_that_the_caller_is_in_runs()
    {
        _folder.Write("__main__.py", "print('ran')");

        var result = await RunAsync(".");

        Assert.Contains("ran\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spa ce")]
    [InlineData(" ")]
    [InlineData("quo'te")]
    [InlineData("quo\"te")]
    [InlineData("back\\slash")]
    [InlineData("new\nline")]
    [InlineData("$(touch injected)")]
    [InlineData("`touch injected`")]
    [InlineData("; touch injected;")]
    [InlineData("$HOME")]
    [InlineData("*")]
    [InlineData("ünïcödé-Ω")]
    [InlineData("[suggest]")]
    [InlineData("[diagram]")]
    [InlineData("@response")]
    [InlineData("per%20cent")]
    [InlineData("git+local")]
    [InlineData("a:b")]
    [InlineData("x#fragment")]
    [InlineData("{0}")]
    [InlineData("{Path}")]
    public async Task A_name_of_any_kind_runs_with_all_its_steps(string name)
    {
        _folder.Job("import os, sys; print('ran', sys.argv[0] == sys.path[0] == os.environ['ENTRYPOINT_CODE'])", name);
        _folder.Write($"{name}/setup.sh", "echo prepared");
        _folder.Write($"{name}/requirements.txt", "--no-index\n");

        foreach (var reference in new[] { name, _folder[name] })
        {
            var result = await RunAsync(reference);

            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Contains("prepared", result.Output, StringComparison.Ordinal);
            Assert.Contains("ran True", result.Output, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder["injected"]) || File.Exists(_folder[$"{name}/injected"]));
        }
    }

    [Theory]
    [InlineData("code/job.py")]
    [InlineData("code/no-suffix")]
    [InlineData("code/a b.txt")]
    public async Task A_single_file_is_given_to_python_with_the_dependency_files_beside_it(string name)
    {
        _folder.Write(name,
            """
            #!/bin/false
            import sys; print('ran', sys.argv[1:])
            """);
        _folder.Write("code/setup.sh", "echo prepared in ${PWD##*/}");

        var result = await RunAsync(name, "--", "x");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("prepared in code", result.Output, StringComparison.Ordinal);
        Assert.Contains("ran ['x']", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_a_file_runs()
    {
        _folder.Write("code/job.py", "print('ran')");
        File.CreateSymbolicLink(_folder["link.py"], "code/job.py");

        var result = await RunAsync("link.py");

        Assert.Contains("ran\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_an_empty_script()
    {
        _folder.Write("empty.py", "");

        var result = await RunAsync("empty.py");

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Fact]
    public async Task A_script_on_standard_input_runs()
    {
        var result = await EntrypointProcess.RunAsync(["/dev/stdin"], input: "print('from the pipe')\n");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("from the pipe", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_code_that_is_relative_is_taken_from_workspace_home_and_an_argument_from_the_callers_folder()
    {
        _folder.Job("print('at home')", "home/job");
        _folder.Job("print('at the caller')", "caller/job");
        var environment = new Dictionary<string, string?> { ["WORKSPACE_HOME"] = _folder["home"], ["EXECUTE_CODE"] = "job" };

        var home = await EntrypointProcess.RunAsync([], environment, _folder["caller"]);
        var caller = await EntrypointProcess.RunAsync(["job"], environment, _folder["caller"]);

        Assert.Contains("at home", home.Output, StringComparison.Ordinal);
        Assert.Contains("at the caller", caller.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_in_the_reference_is_replaced()
    {
        _folder.Job("print('ran')", "jobs/train-2");

        var result = await EntrypointProcess.RunAsync(
            ["jobs/${NAME}-${NUMBER_1}"],
            new Dictionary<string, string?> { ["NAME"] = "train", ["NUMBER_1"] = "2" },
            _folder.Path);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_variable_held_is_not_shown()
    {
        var result = await EntrypointProcess.RunAsync(
            ["jobs/${TOKEN}", "--log-level", "debug"], new Dictionary<string, string?> { ["TOKEN"] = "s3cret-t0ken" }, _folder.Path);

        Assert.True(result.ExitCode == 66, result.ToString());
        Assert.DoesNotContain("s3cret-t0ken", result.Output + result.Error, StringComparison.Ordinal);
    }
}

using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.EndToEnd.Paths;

/// <summary>Links that lead nowhere, and dependency files that are no files.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunResult> RunAsync(params string[] options) =>
        EntrypointProcess.RunAsync([_folder["job"], .. options], new Dictionary<string, string?> { ["ENTRYPOINT_STATE"] = _folder["state"] });

    [Theory]
    [InlineData("../elsewhere/__main__.py")]
    [InlineData("__main__.py")]
    public async Task A_main_module_that_leads_nowhere_is_66_before_anything_is_done(string target)
    {
        _folder.Write("job/setup.sh", "touch done");
        File.CreateSymbolicLink(_folder["job/__main__.py"], target);

        var result = await RunAsync();
        var plan = await RunAsync("--dry-run");

        Assert.True(result.ExitCode == 66, result.ToString());
        Assert.Matches(@"\[ERROR\] .*job/__main__\.py.*link", result.LastLine);
        Assert.False(File.Exists(_folder["job/done"]));
        Assert.True(plan.ExitCode == 66, plan.ToString());
    }

    [Fact]
    public async Task A_main_module_that_is_a_pipe_or_a_device_is_66_before_anything_is_done()
    {
        _folder.Write("job/setup.sh", "touch done");
        var path = _folder["job/__main__.py"];
        Workbench.Run("mkfifo", path);
        var pipe = await RunAsync();
        File.Delete(path);
        File.CreateSymbolicLink(path, "/dev/zero");
        var device = await RunAsync();

        foreach (var result in new[] { pipe, device })
        {
            Assert.True(result.ExitCode == 66, result.ToString());
            Assert.Contains($"[ERROR] {path} is a pipe, a socket or a device", result.Output, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder["job/done"]));
        }
    }

    [Fact]
    public async Task A_reference_that_is_a_link_says_where_it_does_not_lead()
    {
        File.CreateSymbolicLink(_folder["job"], "elsewhere");

        var result = await RunAsync();

        Assert.True(result.ExitCode == 66, result.ToString());
        Assert.Contains($"no path ({_folder["job"]} is a link that leads nowhere)", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("environment.yml")]
    [InlineData("environment.yaml")]
    [InlineData("setup.sh")]
    [InlineData("requirements.txt")]
    public async Task A_dependency_file_that_leads_nowhere_is_66_before_anything_is_done(string name)
    {
        _folder.Job("print('the job ran')");
        _folder.Write("job/setup.sh", "touch done");
        File.Delete(_folder[$"job/{name}"]);
        File.CreateSymbolicLink(_folder[$"job/{name}"], "../common/file");

        foreach (var options in new string[][] { [], ["--requirements-only"], ["--dry-run"], ["--keep-going"] })
        {
            var result = await RunAsync(options);

            Assert.True(result.ExitCode == 66, result.ToString());
            Assert.Contains($"{_folder[$"job/{name}"]} is a link that leads nowhere", result.Output + result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("the job ran", result.Output, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder["job/done"]));
        }
    }

    [Fact]
    public async Task A_dependency_file_that_is_a_link_to_a_file_counts()
    {
        _folder.Job("print('the job ran')");
        _folder.Write("common/setup.sh", "echo set up");
        File.CreateSymbolicLink(_folder["job/setup.sh"], "../common/setup.sh");

        var result = await RunAsync();

        Assert.Matches("(?s)set up\n.*the job ran\n", result.Output);
    }

    [Theory]
    [InlineData("environment.yml")]
    [InlineData("setup.sh")]
    [InlineData("requirements.txt")]
    public async Task A_pipe_a_device_and_a_folder_of_that_name_are_passed_over(string name)
    {
        _folder.Job("print('the job ran')");
        var path = _folder[$"job/{name}"];

        Workbench.Run("mkfifo", path);
        var pipe = await RunAsync();
        File.Delete(path);
        File.CreateSymbolicLink(path, "/dev/zero");
        var device = await RunAsync();
        File.Delete(path);
        Directory.CreateDirectory(path);
        var folder = await RunAsync();

        foreach (var special in new[] { pipe, device })
        {
            Assert.True(special.ExitCode == 0, special.ToString());
            Assert.Contains("the job ran\n", special.Output, StringComparison.Ordinal);
            Assert.Single(special.Output.Split('\n'), line => line.Contains($"[WARNING] {path} is a pipe", StringComparison.Ordinal));
        }

        Assert.True(folder.ExitCode == 0, folder.ToString());
        Assert.Contains("the job ran\n", folder.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[WARNING]", folder.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_requirements_name_is_not_read_where_it_is_a_pipe()
    {
        using var bench = new Workbench().With("print('the job ran')", ("requirements.txt", "-r more.txt\n"));
        Workbench.Run("mkfifo", bench["job/more.txt"]);

        // pip itself reads it, for as long as somebody may write: the plan only looks.
        var result = await bench.RunAsync("--dry-run");

        Assert.True(result.ExitCode == 0, result.ToString());
    }
}

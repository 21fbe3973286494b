using System.Text.Json;

namespace Entrypoint.EndToEnd.CommandLine;

public sealed class DryRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<JsonElement> PlanAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var result = await EntrypointProcess.RunAsync(
            [.. arguments, "--dry-run"],
            environment.Append(("ENTRYPOINT_STATE", _folder["state"])).ToDictionary(entry => entry.Item1, entry => (string?)entry.Item2),
            workingDirectory: _folder.Path);
        Assert.True(result.ExitCode == 0, result.ToString());
        using var plan = JsonDocument.Parse(result.Output);
        return plan.RootElement.Clone();
    }

    [Fact]
    public async Task Of_a_folder_says_all_that_would_be_done_and_does_nothing()
    {
        var job = _folder.Job($"open('{_folder["ran"]}', 'w')");
        _folder.Write("job/setup.sh", $"touch '{_folder["prepared"]}'\n");
        _folder.Write("job/requirements.txt", "--no-index\n");

        var plan = await PlanAsync(["job", "--python", Interpreter.Program]);

        var source = plan.GetProperty("source");
        Assert.Equal("path", source.GetProperty("kind").GetString());
        Assert.Equal("job", source.GetProperty("reference").GetString());
        Assert.Equal(job, source.GetProperty("path").GetString());
        Assert.Equal("full", plan.GetProperty("mode").GetString());
        Assert.Equal(_folder.Path, plan.GetProperty("workingDirectory").GetString());
        Assert.Empty(plan.GetProperty("jobArguments").EnumerateArray());
        Assert.Equal(["setup.sh", "requirements.txt"], plan.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()));
        Assert.All(plan.GetProperty("steps").EnumerateArray(), step => Assert.Equal("run", step.GetProperty("state").GetString()));
        Assert.Equal(["/bin/bash", "setup.sh"], Texts(plan.GetProperty("steps")[0].GetProperty("command")));
        Assert.Equal(["install", "--no-cache-dir", "-r", "requirements.txt"], Texts(plan.GetProperty("steps")[1].GetProperty("command"))[^4..]);
        Assert.Equal([Interpreter.Program, job], Texts(plan.GetProperty("command")), StringComparer.Ordinal);
        Assert.False(File.Exists(_folder["ran"]) || File.Exists(_folder["prepared"]) || Directory.Exists(_folder["state"]));
    }

    [Fact]
    public async Task Shows_the_jobs_arguments_in_the_command_too()
    {
        _folder.Job("pass");
        string[] arguments = ["", "a b", "$(x)", "--dry-run", "Ω", "\n"];

        var plan = await PlanAsync(["job"]);
        var result = await EntrypointProcess.RunAsync(["job", "--dry-run", "--", .. arguments], workingDirectory: _folder.Path);

        using var withArguments = JsonDocument.Parse(result.Output);
        Assert.Equal(arguments, Texts(withArguments.RootElement.GetProperty("jobArguments")));
        Assert.Equal([.. Texts(plan.GetProperty("command")), .. arguments], Texts(withArguments.RootElement.GetProperty("command")));
    }

    [Fact]
    public async Task Puts_its_log_lines_on_standard_error_and_one_object_on_standard_output()
    {
        _folder.Job("pass");

        var result = await EntrypointProcess.RunAsync(["job", "--dry-run", "--log-level", "debug"], workingDirectory: _folder.Path);

        using var plan = JsonDocument.Parse(result.Output);
        Assert.Equal(
            ["source", "mode", "workingDirectory", "jobArguments", "steps", "command"], plan.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.DoesNotContain("[INFO]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_requirements_only_has_no_command()
    {
        _folder.Write("job/setup.sh", "true\n");

        var plan = await PlanAsync(["job", "--requirements-only"]);

        Assert.Equal("requirements-only", plan.GetProperty("mode").GetString());
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("command").ValueKind);
        Assert.Single(plan.GetProperty("steps").EnumerateArray());
    }

    [Fact]
    public async Task Of_code_only_says_so()
    {
        _folder.Job("pass");
        _folder.Write("job/setup.sh", "true\n");

        var plan = await PlanAsync(["job", "--code-only"]);

        Assert.Equal("code-only", plan.GetProperty("mode").GetString());
        Assert.Equal(2, plan.GetProperty("command").GetArrayLength());
    }

    [Fact]
    public async Task Of_a_single_file_runs_the_file()
    {
        var file = _folder.Write("code/job.py", "pass");
        _folder.Write("code/setup.sh", "true\n");

        var plan = await PlanAsync(["code/job.py", "--python", Interpreter.Program]);

        Assert.Equal([Interpreter.Program, file], Texts(plan.GetProperty("command")));
        Assert.Equal("setup.sh", plan.GetProperty("steps")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Of_an_archive_knows_neither_steps_nor_command()
    {
        _folder.Job("pass");
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["job"], _folder["job.zip"]);

        var plan = await PlanAsync(["job.zip"]);

        Assert.Equal(JsonValueKind.Null, plan.GetProperty("steps").ValueKind);
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("command").ValueKind);
    }

    [Fact]
    public async Task Of_a_vcs_url_takes_it_apart_and_fetches_nothing()
    {
        var plan = await PlanAsync(
            ["git+https://user:${TOKEN}@host.invalid/group/repository.git@v1.0#subdirectory=jobs/train"], ("TOKEN", "s3cret-t0ken"));

        var source = plan.GetProperty("source");
        Assert.Equal("vcs", source.GetProperty("kind").GetString());
        Assert.Equal("git", source.GetProperty("vcs").GetString());
        Assert.Equal("v1.0", source.GetProperty("revision").GetString());
        Assert.Equal("jobs/train", source.GetProperty("subdirectory").GetString());
        Assert.EndsWith("host.invalid/group/repository.git", source.GetProperty("repositoryUrl").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-t0ken", plan.ToString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("steps").ValueKind);
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("command").ValueKind);
    }

    [Fact]
    public async Task Of_the_workspace_has_no_source_and_no_steps()
    {
        var plan = await PlanAsync([], ("WORKSPACE_COMMAND", "exec jupyter lab"));

        Assert.Equal(JsonValueKind.Null, plan.GetProperty("source").ValueKind);
        Assert.Equal("workspace", plan.GetProperty("mode").GetString());
        Assert.Empty(plan.GetProperty("steps").EnumerateArray());
        Assert.Equal("/bin/sh", plan.GetProperty("command")[0].GetString());
    }

    [Theory]
    [InlineData("git+foo://host/x", 65)]
    [InlineData("git+https://host.invalid/x@-revision", 65)]
    [InlineData("git+https://host.invalid/x#subdirectory=../..", 65)]
    [InlineData("not/there", 66)]
    [InlineData("git+https://${ENTRYPOINT_TEST_UNSET}@host.invalid/x", 64)]
    public async Task Of_what_cannot_be_run_fails_as_a_run_would(string reference, int expected)
    {
        var dry = await EntrypointProcess.RunAsync([reference, "--dry-run"], workingDirectory: _folder.Path);
        var wet = await EntrypointProcess.RunAsync([reference], workingDirectory: _folder.Path);

        Assert.True(dry.ExitCode == expected, dry.ToString());
        Assert.True(wet.ExitCode == expected, wet.ToString());
        Assert.Equal("", dry.Output);
    }

    [Fact]
    public async Task Of_a_folder_without_main_fails_as_a_run_would()
    {
        Directory.CreateDirectory(_folder["empty"]);

        var result = await EntrypointProcess.RunAsync(["empty", "--dry-run"], workingDirectory: _folder.Path);

        Assert.True(result.ExitCode == 66, result.ToString());
    }

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(element => element.GetString()!)];
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Entrypoint.EndToEnd.CommandLine;

public sealed partial class LogLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Have_the_form_of_execute_code_on_standard_output()
    {
        _folder.Write("job/setup.sh", "true\n");

        var result = await EntrypointProcess.RunAsync([_folder.Job("print('from the job')")]);

        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines.Where(line => line != "from the job"), line => Assert.Matches(Line(), line));
        Assert.Equal("", result.Error);
        Assert.Contains(lines, line => line.Contains("[INFO] Executing: ", StringComparison.Ordinal) && line.Contains(_folder["job"], StringComparison.Ordinal));
        Assert.Matches(@"\[INFO\] Elapsed time: \d+:\d\d:\d\d(\.\d+)?$", lines[^1]);
    }

    [Fact]
    public async Task Stand_around_the_jobs_output_in_order_on_a_pipe_and_in_a_file()
    {
        _folder.Write("job/setup.sh", "echo from the step\n");
        var job = _folder.Job(
            """
            import sys
            print('from the job')
            sys.stdout.flush()
            """);

        var piped = await EntrypointProcess.RunAsync([job]);
        await EntrypointProcess.RunAsync([job], wrapper: Wrapper.Shell($"exec \"$@\" > '{_folder["output"]}'"));

        foreach (var output in new[] { piped.Output, await File.ReadAllTextAsync(_folder["output"]) })
        {
            var lines = output.Split('\n').ToList();
            var step = lines.IndexOf("from the step");
            var jobLine = lines.IndexOf("from the job");
            Assert.True(step > 0 && jobLine > step && jobLine < lines.Count - 2, output);
            Assert.Contains(lines[..step], line => line.Contains("setup.sh", StringComparison.Ordinal));
            Assert.Contains(lines[step..jobLine], line => line.Contains("Executing: ", StringComparison.Ordinal));
            Assert.Contains(lines[jobLine..], line => line.Contains("Elapsed time", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Are_json_objects_when_asked_for()
    {
        _folder.Write("job/setup.sh", "true\n");

        var result = await EntrypointProcess.RunAsync([_folder.Job("pass"), "--log-format", "json", "--", "quote\" back\\slash \n Ω"]);

        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 2, result.ToString());
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            Assert.Distinct(json.RootElement.EnumerateObject().Select(property => property.Name));
            Assert.True(DateTimeOffset.TryParse(json.RootElement.GetProperty("timestamp").GetString(), out _), line);
            Assert.Matches("^(debug|info|warning|error)$", json.RootElement.GetProperty("level").GetString());
            Assert.NotEqual("", json.RootElement.GetProperty("message").GetString());
        }
    }

    [Theory]
    [InlineData("--workdir=/not/there", 66)]
    [InlineData("--python=/not/there", 127)]
    [InlineData("--yolo", 64)]
    [InlineData("--timeout=soon", 64)]
    public async Task Are_json_objects_for_failures_too(string option, int expected)
    {
        var result = await EntrypointProcess.RunAsync(
            [_folder.Job("pass"), option], new Dictionary<string, string?> { ["ENTRYPOINT_LOG_FORMAT"] = "json" });

        Assert.True(result.ExitCode == expected, result.ToString());
        foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            Assert.Distinct(json.RootElement.EnumerateObject().Select(property => property.Name));
        }

        Assert.Contains("\"level\":\"error\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hold_a_newline_in_a_name_in_one_line_as_json()
    {
        var job = _folder.Job("pass", "two\nlines");

        var result = await EntrypointProcess.RunAsync([job, "--log-format", "json"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.All(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
    }

    [Theory]
    [InlineData("warning")]
    [InlineData("error")]
    public async Task Below_the_level_are_not_printed(string level)
    {
        var result = await EntrypointProcess.RunAsync([_folder.Job("print('from the job')"), "--log-level", level]);

        Assert.Equal("from the job\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Tell_at_debug_which_signals_came()
    {
        using var process = EntrypointProcess.Start([_folder.Job(Init.Jobs.SignalPrinter), "--log-level", "debug"]);
        await process.WaitForAsync("ready");

        process.Signal(SIGRTMAX);
        var result = await process.WaitAsync();

        Assert.Contains(result.Output.Split('\n'), line => line.Contains("[DEBUG]", StringComparison.Ordinal) && line.Contains("64", StringComparison.Ordinal));
    }

    [Fact]
    public async Task At_the_end_give_each_step_a_line_with_its_time()
    {
        _folder.Write("job/setup.sh", "true\n");

        var result = await EntrypointProcess.RunAsync([_folder.Job("print('from the job')")]);

        var end = result.Output[result.Output.IndexOf("from the job", StringComparison.Ordinal)..];
        Assert.Matches(@"\[INFO\] .*setup\.sh.*\d", end);
        Assert.Contains("Elapsed time: ", end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Say_at_the_very_end_which_step_failed_with_which_command_and_exit_code()
    {
        _folder.Write("job/setup.sh", "echo the reason; exit 43\n");

        var result = await EntrypointProcess.RunAsync([_folder.Job("print('from the job')")]);

        var last = result.Output.TrimEnd('\n').Split('\n')[^1];
        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Contains("the reason\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("setup.sh", last, StringComparison.Ordinal);
        Assert.Contains("/bin/bash", last, StringComparison.Ordinal);
        Assert.Contains("43", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_in_local_time()
    {
        var job = _folder.Job("import time; print('local', time.strftime('%Y-%m-%d %H'))");

        var result = await EntrypointProcess.RunAsync([job], new Dictionary<string, string?> { ["TZ"] = "Asia/Tokyo" });

        // The hour of the job; of the line before it, or (at the turn of the hour) of the line behind it.
        var hour = result.Output.Split('\n').Single(line => line.StartsWith("local ", StringComparison.Ordinal))["local ".Length..];
        Assert.Contains($"\n{hour}:", "\n" + result.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \[(DEBUG|INFO|WARNING|ERROR)\] \S.*$")]
    private static partial Regex Line();
}

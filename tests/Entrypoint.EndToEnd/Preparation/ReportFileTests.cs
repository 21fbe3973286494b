using System.Text.Json;

namespace Entrypoint.EndToEnd.Preparation;

/// <summary>Where the report can go, and what a job can do to that place.</summary>
public sealed class ReportFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReportFileTests() => File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);

    public void Dispose() => _folder.Dispose();

    private string Report => _folder["report.json"];

    private Task<RunResult> RunAsync(string report, string python = "", string[]? wrapper = null) => EntrypointProcess.RunAsync(
        [_folder.Job(
            $"""
            import os, sys
            {python}
            print('the job ran')
            """), "--report", report],
        new Dictionary<string, string?> { ["HOME"] = "/", ["ENTRYPOINT_STATE"] = _folder["state"] },
        wrapper: wrapper);

    private static void AssertIsReport(string text)
    {
        using var document = JsonDocument.Parse(text);
        Assert.Equal(0, document.RootElement.GetProperty("exitCode").GetInt32());
    }

    private static void AssertIsAnErrorLine(RunResult result, string words)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("the job ran\n", result.Output, StringComparison.Ordinal);
        Assert.Single(result.Output.Split('\n'), line => line.Contains("[ERROR] Cannot write the report to ", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mounted_file_is_written_where_it_is()
    {
        _folder.Write("host.json", "what was there before, and longer than nothing");
        _folder.Write("report.json", "");

        var result = await RunAsync(
            Report, wrapper: ["unshare", "-m", "sh", "-c", $"mount --bind {_folder["host.json"]} {Report} && exec \"$@\"", "sh"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        AssertIsReport(File.ReadAllText(_folder["host.json"]));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, ".report.json*"));
    }

    [Fact]
    public async Task A_file_of_the_users_in_a_folder_of_somebody_else_is_written_where_it_is()
    {
        _folder.Write("report.json", "");
        File.SetUnixFileMode(Report, (UnixFileMode)0b110_110_110);

        var result = await RunAsync(Report, wrapper: Workbench.Nobody);

        Assert.True(result.ExitCode == 0, result.ToString());
        AssertIsReport(File.ReadAllText(Report));
    }

    [Fact]
    public async Task A_place_where_nothing_can_be_written_is_73_before_the_job_runs()
    {
        _folder.Write("report.json", "");
        File.CreateSymbolicLink(_folder["loop"], "loop");

        foreach (var (report, wrapper) in new[] { (Report, Workbench.Nobody), (_folder["new.json"], Workbench.Nobody), (_folder["loop"], []), (_folder.Path, []), (_folder["no/report"], []), ("/dev/fd/77", []) })
        {
            var result = await RunAsync(report, wrapper: wrapper);

            Assert.True(result.ExitCode == 73, result.ToString());
            Assert.DoesNotContain("the job ran", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_pipe_that_nobody_reads_is_an_error_line_also_one_that_the_job_made()
    {
        Workbench.Run("mkfifo", _folder["pipe"]);

        AssertIsAnErrorLine(await RunAsync(_folder["pipe"]), "it is a pipe that nobody reads.");
        AssertIsAnErrorLine(await RunAsync(Report, $"os.mkfifo('{Report}')"), "it is a pipe that nobody reads.");
    }

    [Fact]
    public async Task A_pipe_that_somebody_reads_gets_it()
    {
        Workbench.Run("mkfifo", _folder["pipe"]);
        var reading = Task.Run(() => File.ReadAllText(_folder["pipe"]));

        var result = await RunAsync(_folder["pipe"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        AssertIsReport(await reading);
    }

    [Fact]
    public async Task What_the_job_has_put_there_does_not_change_the_exit_code()
    {
        AssertIsAnErrorLine(await RunAsync(_folder["loop"], $"os.symlink('{_folder["loop"]}', '{_folder["loop"]}')"), "leads to itself");
        AssertIsAnErrorLine(await RunAsync(_folder["folder"], $"os.mkdir('{_folder["folder"]}')"), "folder");
        Directory.CreateDirectory(_folder["gone"]);
        AssertIsAnErrorLine(await RunAsync(_folder["gone/report"], $"os.rmdir('{_folder["gone"]}')"), "gone/report");
    }

    [Fact]
    public async Task A_full_disk_does_not_change_the_exit_code()
    {
        Directory.CreateDirectory(_folder["disk"]);

        var result = await RunAsync(
            _folder["disk/report"],
            $"""
            with open('{_folder["disk/all"]}', 'wb', 0) as all:
                try:
                    while True: all.write(b'x' * 4096)
                except OSError:
                    pass
            """,
            ["unshare", "-m", "sh", "-c", $"mount -t tmpfs -o size=64k none {_folder["disk"]} && exec \"$@\"", "sh"]);

        AssertIsAnErrorLine(result, "No space left on device");
    }

    [Theory]
    [InlineData("/dev/stdout")]
    [InlineData("/dev/fd/1")]
    [InlineData("/proc/self/fd/1")]
    [InlineData("link")]
    public async Task The_log_itself_is_appended_to(string report)
    {
        File.CreateSymbolicLink(_folder["link"], "/dev/stdout");
        _folder.Write("log", "before\n");

        var result = await RunAsync(
            report == "link" ? _folder["link"] : report, wrapper: Wrapper.Shell($"exec \"$@\" >> {_folder["log"]}"));
        var truncating = await RunAsync(
            report == "link" ? _folder["link"] : report, wrapper: Wrapper.Shell($"exec \"$@\" > {_folder["log2"]}"));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches("(?s)^before\n.*the job ran\n\\{\n.*\"exitCode\": 0.*\n\\}\n.*Elapsed time", File.ReadAllText(_folder["log"]));
        Assert.True(truncating.ExitCode == 0, truncating.ToString());
        Assert.Matches("(?s)Execute Code.*the job ran\n\\{\n.*\"exitCode\": 0.*\n\\}\n.*Elapsed time", File.ReadAllText(_folder["log2"]));
    }

    [Fact]
    public async Task A_descriptor_of_the_callers_is_written_to()
    {
        var result = await RunAsync("/proc/self/fd/5", wrapper: Wrapper.Shell($"echo before > {Report}; exec \"$@\" 5>> {Report}"));

        Assert.True(result.ExitCode == 0, result.ToString());
        var text = File.ReadAllText(Report);
        Assert.StartsWith("before\n", text, StringComparison.Ordinal);
        AssertIsReport(text["before\n".Length..]);
    }
}

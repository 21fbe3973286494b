using System.Globalization;
using System.Text.Json;

namespace Entrypoint.EndToEnd.Preparation;

/// <summary><c>--report</c> and Kubernetes' termination message.</summary>
public sealed class RunReportTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    private string Report => _bench["report.json"];

    private JsonElement Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Report));
        return document.RootElement.Clone();
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    private static string[] Texts(JsonElement element) => [.. element.EnumerateArray().Select(item => item.GetString()!)];

    [Fact]
    public async Task Has_all_that_happened_in_a_run_that_succeeded()
    {
        _bench.WithWheel("alpha").With("import alpha", ("setup.sh", "true\n"), ("requirements.txt", "alpha\n"));

        var result = await _bench.RunAsync("--report", "report.json", "--", "an argument");

        Assert.True(result.ExitCode == 0, result.ToString());
        var report = Read();
        Assert.Equal(["source", "steps", "job", "python", "exitCode", "failure", "entrypointVersion"], Names(report));
        var source = report.GetProperty("source");
        Assert.Equal("path", source.GetProperty("kind").GetString());
        Assert.Equal(_bench.Job, source.GetProperty("path").GetString());
        Assert.Equal(JsonValueKind.Null, source.GetProperty("resolvedRevision").ValueKind);
        var steps = report.GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal(["setup.sh", "requirements.txt"], steps.Select(step => step.GetProperty("name").GetString()));
        Assert.All(steps, step =>
        {
            Assert.Equal(["name", "command", "state", "exitCode", "startedAt", "durationSeconds"], Names(step));
            Assert.Equal("done", step.GetProperty("state").GetString());
            Assert.Equal(0, step.GetProperty("exitCode").GetInt32());
            Assert.EndsWith("Z", step.GetProperty("startedAt").GetString(), StringComparison.Ordinal);
            Assert.True(DateTimeOffset.TryParse(step.GetProperty("startedAt").GetString(), CultureInfo.InvariantCulture, out var _));
            Assert.True(step.GetProperty("durationSeconds").GetDouble() > 0);
        });
        Assert.Equal(["/bin/bash", "setup.sh"], Texts(steps[0].GetProperty("command")));
        Assert.Equal([_bench.Python, "-m", "pip", "install", "--no-cache-dir", "-r", "requirements.txt"], Texts(steps[1].GetProperty("command")));
        var job = report.GetProperty("job");
        Assert.Equal([_bench.Python, _bench.Job, "an argument"], Texts(job.GetProperty("command")));
        Assert.Equal(0, job.GetProperty("exitCode").GetInt32());
        Assert.Equal(JsonValueKind.Null, job.GetProperty("signal").ValueKind);
        Assert.True(job.GetProperty("maxRssBytes").GetInt64() > 1_000_000);
        Assert.Equal(_bench.Python, report.GetProperty("python").GetProperty("executable").GetString());
        Assert.StartsWith("3.", report.GetProperty("python").GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, report.GetProperty("failure").ValueKind);
    }

    [Fact]
    public async Task Says_what_was_unchanged_the_second_time()
    {
        _bench.WithWheel("alpha").With("import alpha", ("requirements.txt", "alpha\n"));
        await _bench.RunAsync();

        await _bench.RunAsync("--report", Report);

        var step = Read().GetProperty("steps")[0];
        Assert.Equal("unchanged", step.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, step.GetProperty("exitCode").ValueKind);
        Assert.StartsWith("3.", Read().GetProperty("python").GetProperty("version").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_which_step_failed_and_which_were_skipped()
    {
        _bench.With("", ("setup.sh", "exit 3\n"), ("requirements.txt", "alpha\n"));

        var result = await _bench.RunAsync("--report", Report);

        Assert.Equal(78, result.ExitCode);
        var report = Read();
        var steps = report.GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal(["failed", "skipped"], steps.Select(step => step.GetProperty("state").GetString()));
        Assert.Equal(3, steps[0].GetProperty("exitCode").GetInt32());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("job").ValueKind);
        Assert.Equal(78, report.GetProperty("exitCode").GetInt32());
        var failure = report.GetProperty("failure");
        Assert.Equal(["code", "message"], Names(failure));
        Assert.Equal(78, failure.GetProperty("code").GetInt32());
        Assert.Contains("setup.sh", failure.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_a_missing_conda_failed_its_step()
    {
        _bench.With("", ("environment.yml", "dependencies: []\n"));

        var result = await _bench.RunAsync("--report", Report);

        Assert.Equal(78, result.ExitCode);
        Assert.Equal("failed", Read().GetProperty("steps")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Is_written_when_the_run_is_stopped()
    {
        _bench.With("", ("setup.sh", "echo ready; sleep 1000\n"), ("requirements.txt", "alpha\n"));
        using var process = EntrypointProcess.Start([_bench.Job, "--report", Report], _bench.Environment);
        await process.WaitForAsync("ready");

        process.Signal(SIGTERM);
        await process.WaitAsync();

        var report = Read();
        Assert.Equal(128 + SIGTERM, report.GetProperty("exitCode").GetInt32());
        Assert.Equal(128 + SIGTERM, report.GetProperty("failure").GetProperty("code").GetInt32());
        Assert.Equal(["failed", "skipped"], report.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Has_no_failure_when_the_job_ran_whatever_it_ended_with()
    {
        _bench.With(
            """
            import os, signal
            os.kill(os.getpid(), signal.SIGKILL)
            """);

        await _bench.RunAsync("--report", Report);

        var report = Read();
        Assert.Equal(JsonValueKind.Null, report.GetProperty("failure").ValueKind);
        Assert.Equal(128 + SIGKILL, report.GetProperty("exitCode").GetInt32());
        Assert.Equal(128 + SIGKILL, report.GetProperty("job").GetProperty("exitCode").GetInt32());
        Assert.Equal(9, report.GetProperty("job").GetProperty("signal").GetInt32());
    }

    [Fact]
    public async Task Lists_the_steps_of_code_only_as_skipped()
    {
        _bench.With("", ("setup.sh", "true\n"), ("requirements.txt", "alpha\n"));

        await _bench.RunAsync("--report", Report, "--code-only");

        Assert.Equal(["skipped", "skipped"], Read().GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Replaces_an_older_one_and_leaves_nothing_beside_it()
    {
        Directory.CreateDirectory(_bench["reports"]);
        _bench.Folder.Write("reports/report.json", "older");
        _bench.With("");

        await _bench.RunAsync("--report", _bench["reports/report.json"]);

        Assert.Equal(["report.json"], Directory.GetFileSystemEntries(_bench["reports"]).Select(Path.GetFileName));
        Assert.StartsWith("{", File.ReadAllText(_bench["reports/report.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cannot_be_written_where_there_is_no_folder_and_says_so_before_the_job()
    {
        _bench.With("print('job was run')");

        var result = await _bench.RunAsync("--report", _bench["missing/report.json"]);

        Assert.True(result.ExitCode == 73, result.ToString());
        Assert.DoesNotContain("job was run", result.Output, StringComparison.Ordinal);
        Assert.Contains(_bench["missing"], result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hides_secrets()
    {
        _bench.Environment["TOKEN"] = "s3cr3t-t0k3n";

        var result = await EntrypointProcess.RunAsync(
            ["git+file:///${TOKEN}/nothing@none", "--report", Report], _bench.Environment);

        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("s3cr3t", File.ReadAllText(Report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("the job's own words", false)]
    public async Task Tells_kubernetes_why_a_run_failed_where_the_job_has_not(string before, bool written)
    {
        _bench.With("", ("setup.sh", "exit 3\n"));
        _bench.Environment["BEFORE"] = before;

        // A /dev of its own with the file in it, as in a pod.
        string[] wrapper =
        [
            "unshare", "--mount", "sh", "-c",
            """
            message=$0
            mkdir -p "$TMPDIR/dev" && mount -t tmpfs none "$TMPDIR/dev" && cp -a /dev/null /dev/zero /dev/urandom "$TMPDIR/dev" || exit 1
            printf %s "$BEFORE" >"$TMPDIR/dev/termination-log"
            mount --bind "$TMPDIR/dev" /dev || exit 1
            "$@"
            code=$?
            cat /dev/termination-log >"$message"
            exit $code
            """,
            _bench["message"],
        ];

        var result = await EntrypointProcess.RunAsync([_bench.Job, "--python", _bench.Python], _bench.Environment, wrapper: wrapper);

        Assert.True(result.ExitCode == 78, result.ToString());
        var message = File.ReadAllText(_bench["message"]);
        if (written)
        {
            Assert.Single(message.TrimEnd('\n').Split('\n'));
            Assert.Contains("setup.sh", message, StringComparison.Ordinal);
            Assert.Contains("exit code 3", message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(before, message);
        }
    }
}

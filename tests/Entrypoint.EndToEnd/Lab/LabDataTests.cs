using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.Lab;

/// <summary>Lab data as code, from stand-ins of both generations.</summary>
public sealed class LabDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LabStub _lab = new();

    public LabDataTests()
    {
        Directory.CreateDirectory(_folder["tmp"]);
        foreach (var version in new[] { "1", "2", "10" })
        {
            _lab.Files.Add(new StubFile($"datasets/job.py.v{version}", Packages.Script($"java {version}{new string('!', version.Length)}"), version));
        }

        _lab.Files.Add(new StubFile("datasets/sub/job.py.v11", Packages.Script("another folder"), "11"));
        _lab.Files.Add(new StubFile("datasets/pack.zip.v1", Packages.Zip(("job/__main__.py", "print('ran zip')\n")), "1"));
        _lab.Files.Add(new StubFile("datasets/pack.zip.old.v7", Packages.Script("old"), "7"));
        _lab.Files.Add(new StubFile("models/my größe & 100%.bin.v3", Packages.TarGz(1000, ("job/__main__.py", "print('ran tar')\n")), "3"));
    }

    public void Dispose()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
        Assert.Empty(Directory.Exists(_folder["data"]) ? Directory.GetFiles(_folder["data"], "*.part", SearchOption.AllDirectories) : []);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("datasets/job.py", "java 10!!", "churn/datasets/job.py.v10", "10")]
    [InlineData("datasets/job.py.v2", "java 2!", "churn/datasets/job.py.v2", "2")]
    [InlineData("datasets/job.py.v1", "java 1!", "churn/datasets/job.py.v1", "1")]
    [InlineData("datasets/pack.zip", "zip", "churn/datasets/pack.zip.v1", "1")]
    [InlineData("models/my größe & 100%.bin", "tar", "churn/models/my größe & 100%.bin.v3", "3")]
    public async Task Runs_the_version_that_is_meant_and_keeps_a_copy(string key, string word, string copy, string revision)
    {
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync(key, ("LAB_ENDPOINT", server.Address + "/ignored/path"), ("ENTRYPOINT_REPORT", _folder["report.json"]));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains($"ran {word}\n", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["data/" + copy]), run.ToString());
        if (File.Exists(_folder["report.json"]))
        {
            Assert.Contains($"\"resolvedRevision\": \"{revision}\"", File.ReadAllText(_folder["report.json"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_copy_of_the_same_version_and_size_is_used()
    {
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);
        var copy = _folder.Write("data/churn/datasets/job.py.v10", "print('ran java 10!?')\n");

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address["http://".Length..]));
        File.AppendAllText(copy, "#");
        var again = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address));

        Assert.Contains("ran java 10!?", run.Output, StringComparison.Ordinal);
        Assert.Contains("ran java 10!!", again.Output, StringComparison.Ordinal);
        Assert.Single(server.Requests, request => request.Target.Contains("download", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_users_own_project_is_the_default()
    {
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("LAB_PROJECT", ""));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(File.Exists(_folder["data/lab-user-7/datasets/job.py.v10"]));
    }

    [Theory]
    [InlineData(true, "datasets/job.py", "datasets/job.py.b2")]
    [InlineData(false, "datasets/job.py", "datasets/job.py.b2")]
    [InlineData(false, "my größe/a b.py", "my größe/a b.py.1")]
    public async Task The_second_generation_is_found_out(bool byOldVariable, string key, string copy)
    {
        _lab.Files.Clear();
        _lab.Files.Add(new StubFile("datasets/job.py", Packages.Script("a1"), "a1"));
        _lab.Files.Add(new StubFile("datasets/job.py", Packages.Script("b2"), "b2"));
        _lab.Files.Add(new StubFile("my größe/a b.py", Packages.Script("b2"), "1"));
        await using var server = await StubServer.StartAsync(_lab.AnswerContaxy);

        var run = await RunAsync(key, byOldVariable ? ("LAB_ENDPOINT", server.Address) : ("CONTAXY_API_ENDPOINT", server.Address + "/api/"));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran b2\n", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["data/churn/" + copy]), run.ToString());
    }

    [Theory]
    [InlineData("datasets/none.py", 66, "no file datasets/none.py in project churn")]
    [InlineData("datasets/job.py.v3", 66, "newest keys with that prefix: datasets/job.py.v10, datasets/job.py.v2")]
    [InlineData("datasets/job", 66, "datasets/job.py.v10")]
    [InlineData("datasets/../../x", 65, "..")]
    public async Task Says_what_is_not_there(string key, int code, string words)
    {
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync(key, ("LAB_ENDPOINT", server.Address));
        var plan = await RunAsync(["--dry-run", key], ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Contains(words, run.Output, StringComparison.OrdinalIgnoreCase);
        Assert.True(plan.ExitCode == code, plan.ToString());
    }

    [Theory]
    [InlineData(401, 77, 1)]
    [InlineData(403, 77, 1)]
    [InlineData(500, 69, 3)]
    [InlineData(429, 69, 3)]
    public async Task Errors_have_their_codes_and_never_a_stack_trace(int status, int code, int tries)
    {
        _lab.Wrong = async (context, _) =>
        {
            if (status is 401 or 403)
            {
                context.Response.StatusCode = status;
            }
            else
            {
                await LabStub.Error(context, status, "The database is gone");
            }

            return true;
        };
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Equal(tries, server.Requests.Count);
        Assert.DoesNotContain("StackTrace", run.Output, StringComparison.Ordinal);
        Assert.Contains(code == 77 ? "LAB_API_TOKEN" : "The database is gone", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(LabStub.Token, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(500, 0)]
    [InlineData(401, 77)]
    [InlineData(403, 77)]
    public async Task A_local_copy_helps_when_the_server_does_not_but_not_without_the_right(int status, int code)
    {
        _folder.Write("data/churn/datasets/job.py.v2", "print('ran copy 2')\n");
        _folder.Write("data/churn/datasets/job.py.v9", "print('ran copy 9')\n");
        _folder.Write("data/churn/datasets/job.py.backup.v12", "print('ran another')\n");
        _lab.Wrong = (context, _) =>
        {
            if (status == 0)
            {
                context.Abort();
            }

            context.Response.StatusCode = status == 0 ? 500 : status;
            return Task.FromResult(true);
        };
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("ENTRYPOINT_FETCH_TRIES", "1"));

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Equal(code == 0, run.Output.Contains("ran copy 9", StringComparison.Ordinal));
        Assert.Equal(code == 0, run.Output.Contains("[WARNING]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_local_copy_needs_no_endpoint()
    {
        _folder.Write("data/churn/datasets/job.py.v9", "print('ran copy 9')\n");

        var run = await RunAsync("datasets/job.py", ("LAB_API_TOKEN", ""));
        var none = await RunAsync("datasets/other.py");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(none.ExitCode == 66, none.ToString());
    }

    [Theory]
    [InlineData("LAB_API_TOKEN", 64)]
    [InlineData("LAB_ENDPOINT=ftp://x", 64)]
    [InlineData("LAB_CA_BUNDLE=/nothing/there.pem", 64)]
    public async Task Variables_that_are_missing_or_wrong_are_usage_errors(string variable, int code)
    {
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);
        var parts = variable.Split('=');

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), (parts[0], parts.ElementAtOrDefault(1) ?? ""));

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Contains(parts[0], run.Output, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_second_generation_needs_a_project()
    {
        await using var server = await StubServer.StartAsync(_lab.AnswerContaxy);

        foreach (var endpoint in new[] { ("LAB_ENDPOINT", server.Address), ("LAB_API_ENDPOINT", server.Address + "/api") })
        {
            var run = await RunAsync("datasets/job.py", endpoint, ("LAB_PROJECT", ""));
            Assert.True(run.ExitCode == 64, run.ToString());
            Assert.Contains("LAB_PROJECT", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_shortened_download_is_tried_again_and_never_kept()
    {
        var times = 0;
        _lab.Wrong = async (context, _) =>
        {
            if (context.Request.Path.Value!.EndsWith("/download", StringComparison.Ordinal) && ++times < 3)
            {
                // The stream just ends, as when something fails on the server.
                await context.Response.Body.WriteAsync("print("u8.ToArray());
                return true;
            }

            return false;
        };
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(3, times);
    }

    [Fact]
    public async Task An_older_copy_is_used_when_only_the_download_fails()
    {
        _folder.Write("data/churn/datasets/job.py.v9", "print('ran copy 9')\n");
        _lab.Wrong = (context, _) =>
        {
            var isDownload = context.Request.Path.Value!.EndsWith("/download", StringComparison.Ordinal);
            if (isDownload)
            {
                context.Abort();
            }

            return Task.FromResult(isDownload);
        };
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("ENTRYPOINT_FETCH_TRIES", "2"));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran copy 9", run.Output, StringComparison.Ordinal);
        Assert.Contains("may be out of date", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("size")]
    [InlineData("key")]
    [InlineData("folder")]
    [InlineData("html")]
    public async Task Lies_are_not_believed(string about)
    {
        _lab.Wrong = async (context, _) =>
        {
            if (!context.Request.Path.Value!.EndsWith("/info", StringComparison.Ordinal))
            {
                return false;
            }

            var (key, size) = about switch
            {
                "key" => ("datasets/other.py.v10", 10),
                "folder" => ("../../datasets/job.py.v10", 10),
                _ => ("datasets/job.py.v10", 12345),
            };
            await LabStub.Json(context, 200, about == "html"
                ? "<html>Welcome</html>"
                : $$"""{"data": {"key": "{{key}}", "version": 10, "size": {{size}} }, "metadata": {"status": 200} }""");
            return true;
        };
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("ENTRYPOINT_FETCH_TRIES", "2"));

        // Another key than asked for is looked up in the list, which is right.
        var expected = about is "key" or "folder" ? 0 : 69;
        Assert.True(run.ExitCode == expected, run.ToString());
        Assert.False(File.Exists(_folder["datasets/job.py.v10"]));
        Assert.Equal(expected == 0, File.Exists(_folder["data/churn/datasets/job.py.v10"]));
    }

    [Fact]
    public async Task The_token_stays_with_the_endpoint()
    {
        await using var store = await StubServer.StartAsync((context, _) => StubServer.SendAsync(context, Packages.Script("java 10!!")));
        _lab.Wrong = (context, _) =>
        {
            if (context.Request.Path.Value!.EndsWith("/download", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 307;
                context.Response.Headers.Location = store.Address + "/bucket?signature=1";
                return Task.FromResult(true);
            }

            return Task.FromResult(false);
        };
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.All(server.Requests, request => Assert.Equal(LabStub.Token, request.Authorization));
        Assert.Null(Assert.Single(store.Requests).Authorization);
    }

    [Fact]
    public async Task Certificates_are_checked_unless_told_otherwise()
    {
        var (certificate, pem) = StubServer.NewCertificate();
        using var dispose = certificate;
        await using var server = await StubServer.StartAsync(_lab.AnswerJava, certificate);

        var refused = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address));
        var insecure = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("LAB_INSECURE", "true"));
        var trusted = await RunAsync("datasets/job.py.v2", ("LAB_ENDPOINT", server.Address), ("LAB_CA_BUNDLE", _folder.Write("ca.pem", pem)));

        Assert.True(refused.ExitCode == 69, refused.ToString());
        Assert.Contains("LAB_CA_BUNDLE", refused.Output, StringComparison.Ordinal);
        Assert.True(insecure.ExitCode == 0, insecure.ToString());
        Assert.Contains("[WARNING]", insecure.Output, StringComparison.Ordinal);
        Assert.True(trusted.ExitCode == 0, trusted.ToString());
        Assert.DoesNotContain("[WARNING]", trusted.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_starts_at_once_both_run_and_leave_one_copy()
    {
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address))));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.ToString()));
        Assert.Equal(["job.py.v10"], Directory.GetFiles(_folder["data/churn/datasets"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Where_no_copy_can_be_kept_the_code_runs_all_the_same()
    {
        _folder.Write("data", "a file where the folder should be");
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync("datasets/pack.zip", ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran zip", run.Output, StringComparison.Ordinal);
        Assert.Contains("[WARNING]", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_names_project_and_key_and_downloads_nothing()
    {
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync(["--dry-run", "datasets/job.py"], ("LAB_ENDPOINT", server.Address), ("LAB_PROJECT", ""));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("\"project\": \"lab-user-7\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"key\": \"datasets/job.py\"", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Target.Contains("download", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("datasets/bad.zip", "named like an archive, but it is text")]
    [InlineData("datasets/bad.tar.gz.v1", "named like an archive, but it is empty")]
    [InlineData("datasets/train.ipynb", "jupyter nbconvert --to script 'train.ipynb'")]
    [InlineData("datasets/pack.zip#subdir=job", "subdirectory=")]
    [InlineData("datasets/pack.zip#sha256=0000000000000000000000000000000000000000000000000000000000000000", "asked for was 000")]
    public async Task What_is_no_code_or_not_what_is_meant_is_refused(string key, string words)
    {
        _lab.Files.Add(new StubFile("datasets/bad.zip.v1", Packages.Script("bad"), "1"));
        _lab.Files.Add(new StubFile("datasets/bad.tar.gz.v1", [], "1"));
        _lab.Files.Add(new StubFile("datasets/train.ipynb.v1", "{}"u8.ToArray(), "1"));
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync(key, ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == 65, run.ToString());
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_of_an_archive_is_run()
    {
        await using var server = await StubServer.StartAsync(_lab.AnswerJava);

        var run = await RunAsync("datasets/pack.zip#subdirectory=job", ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    private Task<RunResult> RunAsync(string key, params (string Name, string Value)[] more) => RunAsync([key], more);

    private Task<RunResult> RunAsync(string[] arguments, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string?>
        {
            ["TMPDIR"] = _folder["tmp"],
            ["ENTRYPOINT_STATE"] = _folder["state"],
            ["DATA_ENVIRONMENT"] = _folder["data"],
            ["LAB_API_TOKEN"] = LabStub.Token,
            ["LAB_PROJECT"] = "churn",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return EntrypointProcess.RunAsync(arguments, environment);
    }
}

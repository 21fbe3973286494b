using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.Lab;

/// <summary>Lab data as code, from stand-ins of both generations.</summary>
public sealed class LabDataTests : LabTest
{
    [Theory]
    [InlineData("datasets/job.py", "java 10!!", "churn/datasets/job.py.v10", "10")]
    [InlineData("datasets/job.py.v2", "java 2!", "churn/datasets/job.py.v2", "2")]
    [InlineData("datasets/job.py.v1", "java 1!", "churn/datasets/job.py.v1", "1")]
    [InlineData("datasets/pack.zip", "zip", "churn/datasets/pack.zip.v1", "1")]
    [InlineData("models/my größe & 100%.bin", "tar", "churn/models/my größe & 100%.bin.v3", "3")]
    public async Task Runs_the_version_that_is_meant_and_keeps_a_copy(string key, string word, string copy, string revision)
    {
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync(key, ("LAB_ENDPOINT", server.Address + "/ignored/path"), ("ENTRYPOINT_REPORT", Folder["report.json"]));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains($"ran {word}\n", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Folder["data/" + copy]), run.ToString());
        if (File.Exists(Folder["report.json"]))
        {
            Assert.Contains($"\"resolvedRevision\": \"{revision}\"", File.ReadAllText(Folder["report.json"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_users_own_project_is_the_default()
    {
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("LAB_PROJECT", ""));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(File.Exists(Folder["data/lab-user-7/datasets/job.py.v10"]));
    }

    [Theory]
    [InlineData(true, "datasets/job.py", "datasets/job.py.b2")]
    [InlineData(false, "datasets/job.py", "datasets/job.py.b2")]
    [InlineData(false, "my größe/a b.py", "my größe/a b.py.1")]
    public async Task The_second_generation_is_found_out(bool byOldVariable, string key, string copy)
    {
        Stub.Files.Clear();
        Stub.Files.Add(new StubFile("datasets/job.py", Packages.Script("a1"), "a1"));
        Stub.Files.Add(new StubFile("datasets/job.py", Packages.Script("b2"), "b2"));
        Stub.Files.Add(new StubFile("my größe/a b.py", Packages.Script("b2"), "1"));
        await using var server = await StubServer.StartAsync(Stub.AnswerContaxy);

        var run = await RunAsync(key, byOldVariable ? ("LAB_ENDPOINT", server.Address) : ("CONTAXY_API_ENDPOINT", server.Address + "/api/"));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran b2\n", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Folder["data/churn/" + copy]), run.ToString());
    }

    [Theory]
    [InlineData("datasets/none.py", 66, "no file datasets/none.py in project churn")]
    [InlineData("datasets/job.py.v3", 66, "newest keys with that prefix: datasets/job.py.v10, datasets/job.py.v2")]
    [InlineData("datasets/job", 66, "datasets/job.py.v10")]
    [InlineData("datasets/../../x", 65, "..")]
    public async Task Says_what_is_not_there(string key, int code, string words)
    {
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync(key, ("LAB_ENDPOINT", server.Address));
        var plan = await RunAsync(["--dry-run", key], ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Contains(words, run.Output, StringComparison.OrdinalIgnoreCase);
        Assert.True(plan.ExitCode == code, plan.ToString());
    }

    [Theory]
    [InlineData("LAB_API_TOKEN", 64)]
    [InlineData("LAB_ENDPOINT=ftp://x", 64)]
    [InlineData("LAB_CA_BUNDLE=/nothing/there.pem", 64)]
    public async Task Variables_that_are_missing_or_wrong_are_usage_errors(string variable, int code)
    {
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);
        var parts = variable.Split('=');

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), (parts[0], parts.ElementAtOrDefault(1) ?? ""));

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Contains(parts[0], run.Output, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_second_generation_needs_a_project()
    {
        await using var server = await StubServer.StartAsync(Stub.AnswerContaxy);

        foreach (var endpoint in new[] { ("LAB_ENDPOINT", server.Address), ("LAB_API_ENDPOINT", server.Address + "/api") })
        {
            var run = await RunAsync("datasets/job.py", endpoint, ("LAB_PROJECT", ""));
            Assert.True(run.ExitCode == 64, run.ToString());
            Assert.Contains("LAB_PROJECT", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_plan_names_project_and_key_and_downloads_nothing()
    {
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

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
        Stub.Files.Add(new StubFile("datasets/bad.zip.v1", Packages.Script("bad"), "1"));
        Stub.Files.Add(new StubFile("datasets/bad.tar.gz.v1", [], "1"));
        Stub.Files.Add(new StubFile("datasets/train.ipynb.v1", "{}"u8.ToArray(), "1"));
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync(key, ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == 65, run.ToString());
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_of_an_archive_is_run()
    {
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync("datasets/pack.zip#subdirectory=job", ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == 0, run.ToString());
    }
}

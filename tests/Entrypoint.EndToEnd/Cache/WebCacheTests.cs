using System.Collections.Concurrent;
using Entrypoint.EndToEnd.Lab;
using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.Cache;

/// <summary>What <c>ENTRYPOINT_CODE_CACHE</c> keeps of web addresses, and of Lab data.</summary>
public sealed class WebCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<int> _answers = new();
    private byte[] _content = Packages.Script("one");
    private string? _tag = "\"first\"";

    public void Dispose() => _folder.Dispose();

    private int Downloads => _answers.Count(status => status == 200);

    [Theory]
    [InlineData("job.py", "\"first\"", "\"second\"")]
    [InlineData("job.zip", "W/\"first\"", "W/\"second\"")]
    [InlineData("job.zip", "Wed, 01 Jan 2020 00:00:00 GMT", "Thu, 02 Jan 2020 00:00:00 GMT")]
    public async Task What_has_not_changed_is_not_downloaded_again(string name, string state, string later)
    {
        await using var server = await StubServer.StartAsync(AnswerAsync);
        (_content, _tag) = (Content(name, "one"), state);

        await RanAsync("one", $"{server.Address}/{name}");
        await RanAsync("one", $"{server.Address}/{name}");
        Assert.Equal([200, 304], _answers);

        (_content, _tag) = (Content(name, "two"), later);
        await RanAsync("two", $"{server.Address}/{name}");
        await RanAsync("two", $"{server.Address}/{name}");

        // The question whether it has changed is answered with the file, which is then fetched with all that belongs to a download.
        Assert.Equal([200, 304, 200, 200, 304], _answers);
    }

    [Fact]
    public async Task Starts_at_once_download_once()
    {
        await using var server = await StubServer.StartAsync(AnswerAsync);

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => RanAsync("one", $"{server.Address}/job.py")));

        Assert.Equal(1, Downloads);
    }

    [Theory]
    [InlineData("job.py", null)]
    [InlineData("job.py?token=s3cret-word", "\"first\"")]
    public async Task What_cannot_be_told_apart_or_has_a_query_is_not_kept(string name, string? tag)
    {
        await using var server = await StubServer.StartAsync(AnswerAsync);
        _tag = tag;

        await RanAsync("one", $"{server.Address}/{name}");
        await RanAsync("one", $"{server.Address}/{name}");

        Assert.Equal(2, Downloads);
    }

    [Fact]
    public async Task A_kept_file_is_none_that_a_digest_was_asked_of()
    {
        await using var server = await StubServer.StartAsync(AnswerAsync);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_content));

        await RanAsync("one", $"{server.Address}/job.py");
        var wrong = await RunAsync($"{server.Address}/job.py#sha256={digest.Replace('a', 'b')}");
        await RanAsync("one", $"{server.Address}/job.py#sha256={digest}");
        await RanAsync("one", $"{server.Address}/job.py#sha256={digest}");

        Assert.True(wrong.ExitCode == 65, wrong.ToString());
        Assert.Equal(304, _answers.Last());
    }

    [Fact]
    public async Task Who_has_no_right_gets_nothing_that_was_kept_for_another()
    {
        await using var server = await StubServer.StartAsync(async (context, number) =>
        {
            if (context.Request.Headers.Authorization.Count == 0)
            {
                context.Response.StatusCode = 401;
                return;
            }

            await AnswerAsync(context, number);
        });

        await RanAsync("one", $"{server.Address.Replace("://", "://me:s3cret-word@", StringComparison.Ordinal)}/job.py");
        var other = await RunAsync($"{server.Address}/job.py");

        Assert.True(other.ExitCode == 77, other.ToString());
    }

    [Theory]
    [InlineData("pack.zip")]
    [InlineData("job.py")]
    public async Task Lab_data_is_kept_by_its_version(string name)
    {
        var lab = new LabStub();
        lab.Files.Add(new StubFile($"datasets/{name}.v1", Content(name, "one"), "1"));
        await using var server = await StubServer.StartAsync(lab.AnswerJava);

        // What cannot be kept as a local copy.
        File.WriteAllText(_folder["data"], "no folder");
        await RanAsync("one", $"datasets/{name}", ("LAB_ENDPOINT", server.Address));
        await RanAsync("one", $"datasets/{name}", ("LAB_ENDPOINT", server.Address), ("ENTRYPOINT_REPORT", _folder["report.json"]));
        Assert.Single(server.Requests, request => request.Target.Contains("/download", StringComparison.Ordinal));
        Assert.Contains("\"resolvedRevision\": \"1\"", File.ReadAllText(_folder["report.json"]), StringComparison.Ordinal);

        lab.Files.Add(new StubFile($"datasets/{name}.v2", Content(name, "two"), "2"));
        await RanAsync("two", $"datasets/{name}", ("LAB_ENDPOINT", server.Address));
    }

    private static byte[] Content(string name, string word) =>
        name.EndsWith(".zip", StringComparison.Ordinal) ? Packages.Zip(("job/__main__.py", $"print('ran {word}')\n")) : Packages.Script(word);

    private async Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context, int number)
    {
        var isDate = _tag?.EndsWith("GMT", StringComparison.Ordinal) == true;
        var known = (isDate ? context.Request.Headers.IfModifiedSince : context.Request.Headers.IfNoneMatch).ToString();
        context.Response.StatusCode = _tag is not null && known == _tag ? 304 : 200;
        context.Response.Headers[isDate ? "Last-Modified" : "ETag"] = _tag;
        _answers.Enqueue(context.Response.StatusCode);
        if (context.Response.StatusCode == 200)
        {
            await StubServer.SendAsync(context, _content);
        }
    }

    private Task<RunResult> RunAsync(string code, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ENTRYPOINT_CODE_CACHE"] = "1GiB",
            ["ENTRYPOINT_STATE"] = _folder["state"],
            ["HOME"] = _folder.Path,
            ["DATA_ENVIRONMENT"] = _folder["data"],
            ["LAB_API_TOKEN"] = LabStub.Token,
            ["LAB_PROJECT"] = "churn",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return EntrypointProcess.RunAsync([code], environment);
    }

    private async Task RanAsync(string word, string code, params (string Name, string Value)[] more)
    {
        var result = await RunAsync(code, more);
        Assert.True(result.ExitCode == 0 && result.Output.Contains($"ran {word}", StringComparison.Ordinal), result.ToString());
        Assert.DoesNotContain("s3cret-word", result.ToString(), StringComparison.Ordinal);
    }
}

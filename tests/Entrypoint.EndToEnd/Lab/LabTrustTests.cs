using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.Lab;

/// <summary>What is believed of a Lab, and what it is told.</summary>
public sealed class LabTrustTests : LabTest
{
    [Theory]
    [InlineData(401, 77, 1)]
    [InlineData(403, 77, 1)]
    [InlineData(500, 69, 3)]
    [InlineData(429, 69, 3)]
    public async Task Errors_have_their_codes_and_never_a_stack_trace(int status, int code, int tries)
    {
        Stub.Wrong = async (context, _) =>
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
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address));

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.Equal(tries, server.Requests.Count);
        Assert.DoesNotContain("StackTrace", run.Output, StringComparison.Ordinal);
        Assert.Contains(code == 77 ? "LAB_API_TOKEN" : "The database is gone", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(LabStub.Token, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("size")]
    [InlineData("key")]
    [InlineData("folder")]
    [InlineData("html")]
    public async Task Lies_are_not_believed(string about)
    {
        Stub.Wrong = async (context, _) =>
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
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

        var run = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("ENTRYPOINT_FETCH_TRIES", "2"));

        // Another key than asked for is looked up in the list, which is right.
        var expected = about is "key" or "folder" ? 0 : 69;
        Assert.True(run.ExitCode == expected, run.ToString());
        Assert.False(File.Exists(Folder["datasets/job.py.v10"]));
        Assert.Equal(expected == 0, File.Exists(Folder["data/churn/datasets/job.py.v10"]));
    }

    [Fact]
    public async Task The_token_stays_with_the_endpoint()
    {
        await using var store = await StubServer.StartAsync((context, _) => StubServer.SendAsync(context, Packages.Script("java 10!!")));
        Stub.Wrong = (context, _) =>
        {
            if (context.Request.Path.Value!.EndsWith("/download", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 307;
                context.Response.Headers.Location = store.Address + "/bucket?signature=1";
                return Task.FromResult(true);
            }

            return Task.FromResult(false);
        };
        await using var server = await StubServer.StartAsync(Stub.AnswerJava);

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
        await using var server = await StubServer.StartAsync(Stub.AnswerJava, certificate);

        var refused = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address));
        var insecure = await RunAsync("datasets/job.py", ("LAB_ENDPOINT", server.Address), ("LAB_INSECURE", "true"));
        var trusted = await RunAsync("datasets/job.py.v2", ("LAB_ENDPOINT", server.Address), ("LAB_CA_BUNDLE", Folder.Write("ca.pem", pem)));

        Assert.True(refused.ExitCode == 69, refused.ToString());
        Assert.Contains("LAB_CA_BUNDLE", refused.Output, StringComparison.Ordinal);
        Assert.True(insecure.ExitCode == 0, insecure.ToString());
        Assert.Contains("[WARNING]", insecure.Output, StringComparison.Ordinal);
        Assert.True(trusted.ExitCode == 0, trusted.ToString());
        Assert.DoesNotContain("[WARNING]", trusted.Output, StringComparison.Ordinal);
    }
}

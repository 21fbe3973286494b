namespace Entrypoint.EndToEnd.Web;

/// <summary>Downloads that fail: tried again, waited for, gone on with, begun anew.</summary>
public sealed class WebRetryTests : WebTest
{
    [Theory]
    [InlineData("/nothing", 66)]
    [InlineData("/status/401", 77)]
    [InlineData("/status/403", 77)]
    [InlineData("/status/404", 66)]
    [InlineData("/status/400", 69)]
    [InlineData("/circle", 69)]
    [InlineData("/job.tgz#subdirectory=../..", 65)]
    [InlineData("/job.tgz#subdirectory=none", 66)]
    [InlineData("/script.py#subdirectory=none", 66)]
    public async Task Fails_at_once_with_the_code(string path, int code)
    {
        await using var server = await StubServer.StartAsync(Serve);

        var run = await RunAsync(server.Address + path);

        Assert.True(run.ExitCode == code, run.ToString());
        Assert.DoesNotContain("Trying again", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task Tries_three_times_what_may_pass(int status)
    {
        await using var server = await StubServer.StartAsync((context, _) => Answer(context, status));

        var run = await RunAsync(server.Address + "/job.tgz");

        Assert.True(run.ExitCode == 69, run.ToString());
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task The_number_of_tries_is_a_setting()
    {
        await using var server = await StubServer.StartAsync((context, _) => Answer(context, 500));

        var run = await RunAsync(server.Address + "/job.tgz", ("ENTRYPOINT_FETCH_TRIES", "1"));

        Assert.True(run.ExitCode == 69, run.ToString());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Waits_as_long_as_it_is_told()
    {
        await using var server = await StubServer.StartAsync((context, number) =>
        {
            context.Response.Headers.RetryAfter = "1";
            return number == 1 ? Answer(context, 429) : Serve(context, number);
        });

        var run = await RunAsync(server.Address + "/script.py");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("Trying again in 1.0 s (2 of 3)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_on_where_a_download_broke_off()
    {
        await using var server = await StubServer.StartAsync((context, number) =>
        {
            context.Response.Headers.ETag = "\"one\"";
            return number < 3 && context.Request.Headers.Range.Count == 0
                ? StubServer.SendAsync(context, Package, 300_000)
                : StubServer.SendRangeAsync(context, Package, "\"one\"");
        });

        var run = await RunAsync(server.Address + "/job.tgz");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran package", run.Output, StringComparison.Ordinal);
        Assert.Collection(
            server.Requests,
            first => Assert.Null(first.Range),
            second => Assert.Matches("^bytes=[1-9][0-9]*-$", second.Range));
    }

    [Fact]
    public async Task Begins_anew_where_the_server_cannot_go_on()
    {
        await using var server = await StubServer.StartAsync((context, number) =>
            StubServer.SendAsync(context, Package, number < 3 ? 300_000 : null));

        var run = await RunAsync(server.Address + "/job.tgz");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Begins_anew_when_the_file_has_changed()
    {
        await using var server = await StubServer.StartAsync((context, number) =>
        {
            context.Response.Headers.ETag = number == 1 ? "\"one\"" : "\"two\"";
            return number == 1 ? StubServer.SendAsync(context, new byte[1000], 700) : StubServer.SendRangeAsync(context, Packages.Script(), "\"two\"");
        });

        var run = await RunAsync(server.Address + "/script.py");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran script", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_sends_nothing_is_unavailable(bool afterSome)
    {
        StubServer? server = null;
        await using var running = server = await StubServer.StartAsync(async (context, _) =>
        {
            if (afterSome)
            {
                context.Response.ContentLength = Package.Length;
                await context.Response.Body.WriteAsync(Package.AsMemory(0, 1000));
                await context.Response.Body.FlushAsync();
            }

            await server!.StallAsync(context);
        });

        var run = await RunAsync(server.Address + "/job.tgz", ("ENTRYPOINT_FETCH_TIMEOUT", "500ms"), ("ENTRYPOINT_FETCH_TRIES", "2"));

        Assert.True(run.ExitCode == 69, run.ToString());
        Assert.Contains("0.5 s", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_moves_has_no_limit()
    {
        await using var server = await StubServer.StartAsync(async (context, _) =>
        {
            // Longer in all than the limit, never silent for so long.
            foreach (var part in Packages.Script().Chunk(2))
            {
                await context.Response.Body.WriteAsync(part);
                await context.Response.Body.FlushAsync();
                await Task.Delay(200);
            }
        });

        var run = await RunAsync(server.Address + "/slow.py", ("ENTRYPOINT_FETCH_TIMEOUT", "1500ms"));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("MB", run.Output, StringComparison.Ordinal);
    }
}

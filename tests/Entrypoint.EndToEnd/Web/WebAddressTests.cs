namespace Entrypoint.EndToEnd.Web;

/// <summary>Code at web addresses, from servers that are kind and servers that are not.</summary>
public sealed class WebAddressTests : WebTest
{
    [Theory]
    [InlineData("/job.tgz", "package")]
    [InlineData("/job.zip", "zip")]
    [InlineData("/a/train.py?version=1", "script")]
    [InlineData("/job.tgz#subdirectory=sub", "sub")]
    [InlineData("/job.tgz#egg=x&subdirectory=/job/sub/one.py", "one")]
    [InlineData("/moved", "script")]
    public async Task Runs_what_is_there(string path, string word)
    {
        await using var server = await StubServer.StartAsync(Serve);

        var run = await RunAsync(server.Address + path);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains($"ran {word}\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_and_password_go_to_the_origin_only_and_are_never_shown()
    {
        await using var other = await StubServer.StartAsync(Serve);
        await using var server = await StubServer.StartAsync((context, number) => context.Request.Path == "/away"
            ? Redirect(context, other.Address + "/script.py")
            : context.Request.Path == "/here" ? Redirect(context, "/away") : Serve(context, number));

        var run = await RunAsync(server.Address.Replace("://", "://me:${PASSWORD}@", StringComparison.Ordinal) + "/here", ("PASSWORD", "sec%2Fret"));

        Assert.True(run.ExitCode == 0, run.ToString());
        var expected = "Basic " + Convert.ToBase64String("me:sec/ret"u8);
        Assert.All(server.Requests, request => Assert.Equal(expected, request.Authorization));
        Assert.Equal(2, server.Requests.Count);
        Assert.Null(Assert.Single(other.Requests).Authorization);
        Assert.DoesNotContain("sec/ret", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(expected[6..], run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_used()
    {
        await using var proxy = await StubServer.StartAsync(Serve);

        var through = await RunAsync("http://nowhere.invalid/script.py", ("http_proxy", proxy.Address));
        var around = await RunAsync("http://nowhere.invalid/script.py", ("HTTP_PROXY", proxy.Address), ("NO_PROXY", "invalid"), ("ENTRYPOINT_FETCH_TRIES", "1"));

        Assert.True(through.ExitCode == 0, through.ToString());
        Assert.True(around.ExitCode == 69, around.ToString());
        Assert.Equal("nowhere.invalid", Assert.Single(proxy.Requests).Host);
    }

    [Fact]
    public async Task A_proxy_gets_its_password()
    {
        var expected = "Basic " + Convert.ToBase64String("me:secret"u8);
        await using var proxy = await StubServer.StartAsync((context, number) =>
        {
            context.Response.Headers.ProxyAuthenticate = "Basic realm=\"proxy\"";
            return context.Request.Headers.ProxyAuthorization == expected ? Serve(context, number) : Answer(context, 407);
        });

        var known = await RunAsync("http://nowhere.invalid/script.py", ("http_proxy", proxy.Address.Replace("://", "://me:secret@", StringComparison.Ordinal)));
        var unknown = await RunAsync("http://nowhere.invalid/script.py", ("http_proxy", proxy.Address));

        Assert.True(known.ExitCode == 0, known.ToString());
        Assert.DoesNotContain("secret", known.Output, StringComparison.Ordinal);
        Assert.True(unknown.ExitCode == 77, unknown.ToString());
    }

    [Fact]
    public async Task Certificates_are_checked()
    {
        var (certificate, pem) = StubServer.NewCertificate();
        using var dispose = certificate;
        await using var server = await StubServer.StartAsync(Serve, certificate);

        var refused = await RunAsync(server.Address + "/script.py");
        var accepted = await RunAsync(server.Address + "/script.py", ("SSL_CERT_FILE", Folder.Write("ca.pem", pem)));

        Assert.True(refused.ExitCode == 69, refused.ToString());
        Assert.Contains("certificate", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Trying again", refused.Output, StringComparison.Ordinal);
        Assert.True(accepted.ExitCode == 0, accepted.ToString());
    }

    [Theory]
    [InlineData("tgz")]
    [InlineData("zip")]
    public async Task A_broken_archive_is_no_network_failure(string form)
    {
        var bytes = form == "tgz" ? Package.ToArray() : Packages.Zip(("__main__.py", "print('ran')\n"));
        bytes[form == "tgz" ? 200_000 : 44] ^= 0x55;
        await using var server = await StubServer.StartAsync((context, _) => StubServer.SendAsync(context, bytes));

        var run = await RunAsync(server.Address + "/job");

        Assert.True(run.ExitCode == 65, run.ToString());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_signal_ends_a_download_and_leaves_nothing()
    {
        StubServer? server = null;
        await using var running = server = await StubServer.StartAsync(async (context, _) =>
        {
            await context.Response.Body.WriteAsync(Package.AsMemory(0, 200_000));
            await context.Response.Body.FlushAsync();
            await server!.StallAsync(context);
        });
        using var process = EntrypointProcess.Start([server.Address + "/job.tgz"], Environment());
        await process.WaitForLogAsync("Downloading");

        process.Signal(SIGTERM);

        var run = await process.WaitAsync();
        Assert.True(run.ExitCode == 128 + SIGTERM, run.ToString());
    }
}

using Microsoft.AspNetCore.Http;

namespace Entrypoint.EndToEnd.Web;

/// <summary>Code at web addresses, from servers that are kind and servers that are not.</summary>
public sealed class WebAddressTests : IDisposable
{
    private static readonly byte[] Package = Packages.TarGz(400_000, ("job/__main__.py", "print('ran package')\n"), ("job/sub/__main__.py", "print('ran sub')\n"), ("job/sub/one.py", "print('ran one')\n"));

    private readonly TemporaryFolder _folder = new();

    public WebAddressTests() => Directory.CreateDirectory(_folder["tmp"]);

    public void Dispose()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["tmp"]));
        _folder.Dispose();
    }

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
        var accepted = await RunAsync(server.Address + "/script.py", ("SSL_CERT_FILE", _folder.Write("ca.pem", pem)));

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

    private static Task Serve(HttpContext context, int number) => context.Request.Path.Value switch
    {
        "/job.tgz" => StubServer.SendAsync(context, Package),
        "/job.zip" => StubServer.SendAsync(context, Packages.Zip(("__main__.py", "print('ran zip')\n"))),
        "/script.py" or "/a/train.py" => StubServer.SendAsync(context, Packages.Script()),
        "/moved" => Redirect(context, "a/train.py"),
        "/circle" => Redirect(context, "/circle"),
        ['/', 's', 't', 'a', 't', 'u', 's', '/', .. var status] => Answer(context, int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)),
        _ => Answer(context, 404),
    };

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Redirect(HttpContext context, string location)
    {
        context.Response.Headers.Location = location;
        return Answer(context, 302);
    }

    private Dictionary<string, string?> Environment(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string?> { ["TMPDIR"] = _folder["tmp"], ["ENTRYPOINT_STATE"] = _folder["state"] };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }

    private Task<RunResult> RunAsync(string address, params (string Name, string Value)[] more) =>
        EntrypointProcess.RunAsync([address], Environment(more));
}

using System.Text;
using Microsoft.AspNetCore.Http;

namespace Entrypoint.EndToEnd.Web;

/// <summary>Ways to a web address: redirects, what breaks on them, who one is there, and who the server is.</summary>
public sealed class WebConnectionTests : WebTest
{
    [Theory]
    [InlineData("//")]
    [InlineData("http://")]
    [InlineData("http://[::")]
    [InlineData("http:///x")]
    [InlineData("https:")]
    [InlineData("\"")]
    [InlineData("ftp://host/x")]
    [InlineData("javascript:alert(1)")]
    public async Task A_redirect_that_leads_nowhere_is_the_servers_fault(string location)
    {
        await using var server = await StubServer.StartAsync((context, _) => context.Request.Path == "/job.py" ? Redirect(context, location) : Answer(context, 404));

        var run = await RunAsync(server.Address + "/job.py", ("ENTRYPOINT_FETCH_TRIES", "1"));

        Assert.True(run.ExitCode is 69 or 66, run.ToString());
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/job.py", "b.py?x=1")]
    [InlineData("/a/job.py", "/b.py")]
    [InlineData("/a/job.py", "../b.py#fragment")]
    [InlineData("/a/job.py", "/gr%C3%B6%C3%9Fe.py")]
    [InlineData("/a/job.py", "/größe.py")]
    public async Task A_redirect_may_be_relative(string path, string location)
    {
        await using var server = await StubServer.StartAsync((context, _) =>
            context.Request.Path == path ? Redirect(context, location) : StubServer.SendAsync(context, Packages.Script()));

        var run = await RunAsync(server.Address + path);

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task No_redirect_leads_from_https_to_http()
    {
        var (certificate, pem) = StubServer.NewCertificate();
        using var dispose = certificate;
        await using var plain = await StubServer.StartAsync((context, _) => StubServer.SendAsync(context, Packages.Script()));
        await using var secure = await StubServer.StartAsync(
            (context, _) => context.Request.Path == "/first" ? Redirect(context, "/second") : Redirect(context, plain.Address + "/job.py"), certificate);

        var run = await RunAsync(secure.Address + "/first", ("SSL_CERT_FILE", Folder.Write("ca.pem", pem)));

        Assert.True(run.ExitCode == 65, run.ToString());
        Assert.Contains("https to http", run.Output, StringComparison.Ordinal);
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task Authorities_may_lie_in_a_folder()
    {
        var (certificate, pem) = StubServer.NewCertificate();
        using var dispose = certificate;
        await using var server = await StubServer.StartAsync((context, _) => StubServer.SendAsync(context, Packages.Script()), certificate);
        Folder.Write("authorities/ours.pem", pem);
        await Tool.RunAsync("openssl", ["rehash", Folder["authorities"]]);

        var run = await RunAsync(server.Address + "/job.py", ("SSL_CERT_DIR", Folder["authorities"]));

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task What_TLS_loses_inside_a_record_is_fetched_again()
    {
        var (certificate, pem) = StubServer.NewCertificate();
        using var dispose = certificate;
        await using var server = await StubServer.StartAsync((context, _) => StubServer.SendAsync(context, Package), certificate);
        using var relay = new CuttingRelay(new Uri(server.Address).Port, cuts: 2, after: 100_000);

        var run = await RunAsync($"https://127.0.0.1:{relay.Port}/job.tgz", ("SSL_CERT_FILE", Folder.Write("ca.pem", pem)));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("Trying again", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_TLS_always_loses_is_unavailable()
    {
        var (certificate, pem) = StubServer.NewCertificate();
        using var dispose = certificate;
        await using var server = await StubServer.StartAsync((context, _) => StubServer.SendAsync(context, Package), certificate);
        using var relay = new CuttingRelay(new Uri(server.Address).Port, cuts: 9, after: 100_000);

        var run = await RunAsync($"https://127.0.0.1:{relay.Port}/job.tgz", ("SSL_CERT_FILE", Folder.Write("ca.pem", pem)), ("ENTRYPOINT_FETCH_TRIES", "2"));

        Assert.True(run.ExitCode == 69, run.ToString());
    }

    [Theory]
    [InlineData("strong tag", true)]
    [InlineData("old date", true)]
    [InlineData("weak tag", false)]
    [InlineData("new date", false)]
    [InlineData("ranges", false)]
    public async Task Only_what_is_surely_the_same_file_is_continued(string validator, bool isContinued)
    {
        await using var server = await StubServer.StartAsync((context, number) =>
        {
            var headers = context.Response.GetTypedHeaders();
            switch (validator)
            {
                case "strong tag":
                    context.Response.Headers.ETag = "\"one\"";
                    break;
                case "weak tag":
                    context.Response.Headers.ETag = "W/\"one\"";
                    break;
                case "old date":
                    headers.LastModified = DateTimeOffset.UnixEpoch;
                    break;
                case "new date":
                    headers.LastModified = DateTimeOffset.UtcNow;
                    break;
            }

            context.Response.Headers.AcceptRanges = "bytes";
            if (context.Request.Headers.Range.ToString() is not { Length: > 0 } range)
            {
                return StubServer.SendAsync(context, Package, number == 1 ? 300_000 : null);
            }

            var from = int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{Package.Length - 1}/{Package.Length}";
            return StubServer.SendAsync(context, Package[from..]);
        });

        var run = await RunAsync(server.Address + "/job.tgz");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(isContinued, server.Requests.Last().Range is not null);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("", "file:netrc", null)]
    [InlineData("me:given@", "me:given", null)]
    [InlineData("other@", "other:second", null)]
    [InlineData("nobody@", "nobody:", null)]
    [InlineData("", "file:netrc", "elsewhere")]
    public async Task The_users_file_knows_the_password(string user, string expected, string? variable)
    {
        var text = "machine 127.0.0.1 login file password netrc\nmachine 127.0.0.1\n  login other\n  password second\n";
        var file = Folder.Write(variable is null ? "home/.netrc" : "elsewhere", text);
        Directory.CreateDirectory(Folder["home"]);
        var header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(expected));
        await using var server = await StubServer.StartAsync((context, _) =>
            context.Request.Headers.Authorization == header ? StubServer.SendAsync(context, Packages.Script()) : Answer(context, 401));

        var run = await RunAsync(
            server.Address.Replace("://", "://" + user, StringComparison.Ordinal) + "/job.py",
            ("HOME", Folder["home"]), ("NETRC", variable is null ? "" : file));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.DoesNotContain("netrc", run.Output.Replace(".netrc", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_advice_about_a_password_can_be_read()
    {
        await using var server = await StubServer.StartAsync((context, _) => Answer(context, 401));

        var run = await RunAsync(server.Address + "/job.py");

        Assert.True(run.ExitCode == 77, run.ToString());
        Assert.Contains("user:${PASSWORD}@", run.Output, StringComparison.Ordinal);
        Assert.Contains("~/.netrc", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_first_address_swallows_packets_is_reached_by_the_next()
    {
        const string Surroundings = """
            set -e
            ip link set lo up; ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up
            ip -6 addr add fd99::2/64 dev v0 nodad
            ip -6 neigh add fd99::1 lladdr 02:00:00:00:00:01 dev v0 nud permanent
            mount --bind "$FOLDER/hosts" /etc/hosts
            python3 -m http.server 18080 --bind 127.0.0.1 --directory "$FOLDER/served" >/dev/null 2>&1 & server=$!
            until (: </dev/tcp/127.0.0.1/18080) 2>/dev/null; do sleep 0.1; done
            code=0; "$@" || code=$?
            kill $server
            exit $code
            """;
        Folder.Write("hosts", "127.0.0.1 localhost\nfd99::1 dual.example\n127.0.0.1 dual.example\n");
        Folder.Write("served/job.py", "print('ran script')\n");

        var run = await EntrypointProcess.RunAsync(
            ["http://dual.example:18080/job.py", "--fetch-timeout", "100s"],
            Environment(("FOLDER", Folder.Path)),
            wrapper: ["unshare", "--net", "--mount", "bash", "-c", Surroundings, "bash"]);

        // The limit of any test is shorter than the time-out: the second address did not wait for the end of the first.
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ran script", run.Output, StringComparison.Ordinal);
    }
}

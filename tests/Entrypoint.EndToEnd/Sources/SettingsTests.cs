using Entrypoint.EndToEnd.VersionControl;
using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.Sources;

/// <summary>What is set counts for whatever fetches: the table of the README, cell by cell.</summary>
public sealed class SettingsTests(SourceServers servers) : IClassFixture<SourceServers>
{
    private const string Nowhere = "http://nowhere.invalid";

    [Theory]
    [MemberData(nameof(SourceServers.WithPasswords), MemberType = typeof(SourceServers))]
    public async Task The_password_in_netrc_is_used_and_not_shown(string fetcher)
    {
        await using var front = await LoginProxy.StartAsync(servers.PortOf(fetcher), "me:n3trc-word");
        var address = $"http://{front.Host}";

        var known = await SourceServers.RunAsync(fetcher, address, ("@.netrc", "machine 127.0.0.1 login me password n3trc-word\n"));
        var unknown = await SourceServers.RunAsync(fetcher, address, ("@.netrc", "machine elsewhere.invalid login me password n3trc-word\n"));

        Ran(known);
        Assert.True(unknown.ExitCode == 77, unknown.ToString());
        Assert.DoesNotContain("n3trc-word", $"{known}{unknown}", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SourceServers.All), MemberType = typeof(SourceServers))]
    public async Task An_authority_is_believed_that_the_environment_names(string fetcher)
    {
        var (certificate, pem) = StubServer.NewCertificate();
        await using var front = await LoginProxy.StartAsync(servers.PortOf(fetcher), null, certificate);

        var known = await SourceServers.RunAsync(fetcher, $"https://localhost:{front.Port}", Authority(pem));
        var unknown = await SourceServers.RunAsync(fetcher, $"https://localhost:{front.Port}");

        Ran(known);
        Assert.True(unknown.ExitCode == 69, unknown.ToString());
        Assert.Contains("ertificate", unknown.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SourceServers.All), MemberType = typeof(SourceServers))]
    public async Task The_proxy_for_http_leads_to_a_host_that_only_it_knows(string fetcher)
    {
        await using var proxy = await LoginProxy.StartAsync(servers.PortOf(fetcher), null);

        Ran(await SourceServers.RunAsync(fetcher, Nowhere, ("http_proxy", $"http://{proxy.Host}")));
    }

    [Theory]
    [MemberData(nameof(SourceServers.WithTunnels), MemberType = typeof(SourceServers))]
    public async Task The_proxy_for_https_is_told_its_password_and_asked_for_where_it_is_wrong(string fetcher)
    {
        var (certificate, pem) = StubServer.NewCertificate();
        await using var front = await LoginProxy.StartAsync(servers.PortOf(fetcher), null, certificate);
        using var proxy = new TunnelProxy();

        var known = await SourceServers.RunAsync(fetcher, $"https://localhost:{front.Port}", Authority(pem), ("https_proxy", $"http://{TunnelProxy.Login}@{proxy.Host}"));
        Ran(known);
        Assert.True(proxy.Tunnels > 0, known.ToString());

        var wrong = await SourceServers.RunAsync(fetcher, $"https://localhost:{front.Port}", Authority(pem), ("https_proxy", $"http://me:wr0ng-word@{proxy.Host}"));
        Assert.True(wrong.ExitCode == 77, wrong.ToString());
        Assert.Contains("roxy", wrong.LastLine, StringComparison.Ordinal);
        Assert.DoesNotContain("pr0xy-word", known.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng-word", wrong.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SourceServers.All), MemberType = typeof(SourceServers))]
    public async Task A_host_of_no_proxy_is_asked_itself(string fetcher) => Ran(await SourceServers.RunAsync(
        fetcher, $"http://127.0.0.1:{servers.PortOf(fetcher)}", ("http_proxy", "http://127.0.0.1:1"), ("no_proxy", "elsewhere.invalid,127.0.0.1")));

    [Theory]
    [MemberData(nameof(SourceServers.All), MemberType = typeof(SourceServers))]
    public async Task What_the_network_breaks_is_tried_as_often_as_is_set(string fetcher)
    {
        using (var relay = new CuttingRelay(servers.PortOf(fetcher), cuts: 1, after: 0))
        {
            Ran(await SourceServers.RunAsync(fetcher, $"http://127.0.0.1:{relay.Port}", ("ENTRYPOINT_FETCH_TRIES", "2")));
        }

        var dead = await SourceServers.RunAsync(fetcher, "http://127.0.0.1:1", ("ENTRYPOINT_FETCH_TRIES", "2"));
        Assert.True(dead.ExitCode == 69, dead.ToString());
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(dead.Output, "rying again"));
    }

    private static (string Name, string? Value) Authority(string pem)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("authority").FullName, "ca.pem");
        File.WriteAllText(path, pem);
        return ("SSL_CERT_FILE", path);
    }

    private static void Ran(RunResult result) => Assert.True(result.ExitCode == 0 && result.Output.Contains("ran", StringComparison.Ordinal), result.ToString());
}

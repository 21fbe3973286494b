using System.Net;
using System.Net.Sockets;
using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>A TLS connection that is lost before it stands is a broken network, for whatever fetches; a certificate that is refused is not.</summary>
public sealed class LostHandshakeTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    /// <summary>What fetches × how the connection is lost.</summary>
    public static TheoryData<string, string, bool> Lost()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var isReset in new[] { false, true })
        {
            // svn itself connects anew for ever where a server hangs up without a reset: that ends with --fetch-timeout.
            foreach (var (scheme, engine) in Fetchers.Where(fetcher => isReset || fetcher.Scheme != "svn+https"))
            {
                data.Add(scheme, engine, isReset);
            }
        }

        return data;
    }

    /// <summary>What fetches.</summary>
    public static TheoryData<string, string> All()
    {
        var data = new TheoryData<string, string>();
        foreach (var (scheme, engine) in Fetchers)
        {
            data.Add(scheme, engine);
        }

        return data;
    }

    private static readonly (string Scheme, string Engine)[] Fetchers =
        [("git+https", "program"), ("git+https", "library"), ("hg+https", ""), ("svn+https", ""), ("bzr+https", ""), ("https", "")];

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task A_lost_handshake_is_tried_three_times(string scheme, string engine, bool isReset)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var answering = HangUpAsync(server, isReset);

        var result = await RunAsync($"{scheme}://{server.LocalEndpoint}/r", engine);

        Assert.True(result.ExitCode == 69, result.ToString());
        Assert.Equal(2, Tries(result));
        Assert.Contains(scheme == "https" ? "No connection to 127.0.0.1" : "cannot be reached after 3 attempts", result.LastLine, StringComparison.Ordinal);
        server.Stop();
        await answering;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_refused_certificate_is_not_tried_again(string scheme, string engine)
    {
        using var certificate = StubServer.NewCertificate().Certificate;
        await using var server = await StubServer.StartAsync((_, _) => Task.CompletedTask, certificate);

        var result = await RunAsync($"{scheme}{server.Address["https".Length..]}/r", engine);

        Assert.True(result.ExitCode == 69, result.ToString());
        Assert.Equal(0, Tries(result));
        Assert.Contains("certificate of 127.0.0.1", result.LastLine, StringComparison.OrdinalIgnoreCase);
    }

    private Task<RunResult> RunAsync(string reference, string engine) => EntrypointProcess.RunAsync(
        [reference], new Dictionary<string, string?> { ["ENTRYPOINT_GIT"] = engine, ["HOME"] = _home.Path });

    private static int Tries(RunResult result) => result.Output.Split("rying again").Length - 1;

    /// <summary>Takes each connection, waits for the first bytes of the client, and hangs up.</summary>
    private static async Task HangUpAsync(TcpListener server, bool isReset)
    {
        try
        {
            while (true)
            {
                using var client = await server.AcceptSocketAsync();
                await client.ReceiveAsync(new byte[1 << 14]);
                client.LingerState = new LingerOption(isReset, 0);
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
        catch (ObjectDisposedException)
        {
            // The same.
        }
    }
}

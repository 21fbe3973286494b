using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Entrypoint.EndToEnd.Sources;

/// <summary>A proxy for <c>https</c>: it makes tunnels (<c>CONNECT</c>), for those who know its password.</summary>
public sealed class TunnelProxy : IDisposable
{
    /// <summary>User and password that it wants.</summary>
    public const string Login = "me:pr0xy-word";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private int _tunnels;

    public TunnelProxy()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Its host and port.</summary>
    public string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many tunnels were made.</summary>
    public int Tunnels => Volatile.Read(ref _tunnels);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = TunnelAsync(client).ContinueWith(static task => task.Exception, TaskScheduler.Default);
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            for (var head = await ReadHeadAsync(stream); head.Length > 0; head = await ReadHeadAsync(stream))
            {
                var isKnown = head.Contains($"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(Login))}\r\n", StringComparison.Ordinal);
                if (!isKnown || !head.StartsWith("CONNECT ", StringComparison.Ordinal))
                {
                    await stream.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
                    continue;
                }

                Interlocked.Increment(ref _tunnels);
                var target = head.Split(' ')[1];
                using var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, int.Parse(target[(target.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture), _stop.Token);
                await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
                await Task.WhenAny(stream.CopyToAsync(server.GetStream(), _stop.Token), server.GetStream().CopyToAsync(stream, _stop.Token));
                return;
            }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) == 1)
        {
            text.Append((char)one[0]);
        }

        return text.ToString();
    }
}

using System.Net;
using System.Net.Sockets;

namespace Entrypoint.EndToEnd.Web;

/// <summary>A relay in front of a server that cuts its first connections off after so many bytes of the answer, wherever those end.</summary>
public sealed class CuttingRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    /// <param name="port">The server's.</param>
    /// <param name="cuts">How many connections are cut off.</param>
    /// <param name="after">After how many bytes.</param>
    public CuttingRelay(int port, int cuts, int after)
    {
        _listener.Start();
        _ = ServeAsync(port, cuts, after);
    }

    /// <summary>The relay's own port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(int port, int cuts, int after)
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = RelayAsync(client, port, number < cuts ? after : long.MaxValue);
        }
    }

    private async Task RelayAsync(TcpClient client, int port, long most)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
            var up = client.GetStream().CopyToAsync(server.GetStream(), _stop.Token);
            var buffer = new byte[1000];
            int read;
            while (most > 0 && (read = await server.GetStream().ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, most)), _stop.Token)) > 0)
            {
                await client.GetStream().WriteAsync(buffer.AsMemory(0, read), _stop.Token);
                most -= read;
            }

            _ = up.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        }
    }
}

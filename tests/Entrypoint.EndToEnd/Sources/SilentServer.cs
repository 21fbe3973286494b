using System.Net;
using System.Net.Sockets;

namespace Entrypoint.EndToEnd.Sources;

/// <summary>A server that takes every connection and never says a word.</summary>
public sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SilentServer()
    {
        _listener.Start();
        Host = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
    }

    /// <summary>Its address and port.</summary>
    public string Host { get; }

    /// <summary>How many connections were made to it. They wait in the queue, where it leaves them.</summary>
    public int Connections()
    {
        var count = 0;
        while (_listener.Pending())
        {
            _listener.AcceptTcpClient().Dispose();
            count++;
        }

        return count;
    }

    public void Dispose() => _listener.Dispose();
}

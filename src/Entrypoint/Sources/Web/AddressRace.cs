using System.Net;
using System.Net.Sockets;

namespace Entrypoint.Sources.Web;

/// <summary>
/// Connects to a host that has several addresses, of which some may lead nowhere: the families in turns, the next address a quarter of a
/// second after the one before, or as soon as that has failed; the first connection wins (RFC 8305).
/// </summary>
internal static class AddressRace
{
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Connects to a host by its name or address.</summary>
    /// <exception cref="SocketException">None of its addresses answers.</exception>
    public static async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        return await ConnectAsync(InTurns(addresses), port, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The addresses with the families in turns, the first one's first; otherwise in the order of the system.</summary>
    public static IReadOnlyList<IPAddress> InTurns(IReadOnlyList<IPAddress> addresses)
    {
        var first = addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily).ToList();
        var others = addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily).ToList();
        return [.. Enumerable.Range(0, Math.Max(first.Count, others.Count)).SelectMany(index => first.Skip(index).Take(1).Concat(others.Skip(index).Take(1)))];
    }

    private static async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Socket>>();
        Exception failure = new SocketException((int)SocketError.HostNotFound);
        try
        {
            for (var next = 0; next < addresses.Count || running.Count > 0;)
            {
                if (next < addresses.Count)
                {
                    running.Add(ConnectAsync(new IPEndPoint(addresses[next++], port), over.Token));
                }

                var pause = next < addresses.Count ? Task.Delay(Stagger, over.Token) : Task.Delay(Timeout.Infinite, over.Token);
                if (await Task.WhenAny([.. running, pause]).ConfigureAwait(false) is not Task<Socket> ended)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    continue;
                }

                running.Remove(ended);
                try
                {
                    return await ended.ConfigureAwait(false);
                }
                catch (SocketException exception)
                {
                    failure = exception;
                }
            }

            throw failure;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            foreach (var late in running)
            {
                _ = late.ContinueWith(static task => task.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            }
        }
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

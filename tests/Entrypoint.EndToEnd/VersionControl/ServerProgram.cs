using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>A server program on a port of 127.0.0.1, stopped at the end of the test.</summary>
public sealed class ServerProgram : IDisposable
{
    private readonly Process _process;

    private ServerProgram(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts it, and waits until it takes connections.</summary>
    /// <param name="arguments">Made with the port that it is to listen on.</param>
    public static async Task<ServerProgram> StartAsync(string program, Func<int, IEnumerable<string>> arguments, string? workingDirectory = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = FreePort();
            var start = new ProcessStartInfo(program, arguments(port))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
            };
            var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var error = process.StandardError.ReadToEndAsync();
            if (await ListensAsync(process, port))
            {
                return new ServerProgram(process, port);
            }

            // Someone else may have taken the port in between.
            if (attempt == 2)
            {
                throw new InvalidOperationException($"{program} does not listen: {await error}");
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> ListensAsync(Process process, int port)
    {
        var limit = Stopwatch.StartNew();
        while (!process.HasExited && limit.Elapsed < EntrypointProcess.Limit)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }

        return false;
    }
}

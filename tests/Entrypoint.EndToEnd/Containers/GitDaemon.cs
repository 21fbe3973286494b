using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>Repositories served by this machine over <c>git://</c>.</summary>
public sealed class GitDaemon : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private readonly Process _daemon;

    private GitDaemon() =>
        _daemon = Process.Start(
            "git",
            [
                "daemon", $"--base-path={_folder.Path}", "--export-all", "--reuseaddr", "--listen=127.0.0.1", $"--port={_port}",
                "--log-destination=none",
            ]);

    /// <summary>Starts it, and waits until it listens.</summary>
    public static async Task<GitDaemon> StartAsync()
    {
        var daemon = new GitDaemon();
        await ProcessState.WaitUntilAsync(daemon.Listens, "git daemon listened");
        return daemon;
    }

    /// <summary>What follows <c>git+</c>.</summary>
    public string Url(string name) => $"git://127.0.0.1:{_port}/{name}";

    /// <summary>Makes a repository of one commit on <c>main</c>, and returns the commit's id.</summary>
    public async Task<string> AddAsync(string name, params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            _folder.Write($"{name}/{path}", text);
        }

        string[][] commands =
        [
            ["init", "--quiet", "--initial-branch=main"],
            ["add", "--all"],
            ["-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message=Add the job"],
        ];
        foreach (var words in commands)
        {
            await Tool.RunAsync("git", words, _folder[name]);
        }

        return (await Tool.RunAsync("git", ["rev-parse", "HEAD"], _folder[name])).Trim();
    }

    public void Dispose()
    {
        _daemon.Kill(entireProcessTree: true);
        _daemon.WaitForExit();
        _daemon.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private bool Listens()
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

using Entrypoint.EndToEnd.VersionControl;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>Repositories served by this machine over <c>git://</c>.</summary>
public sealed class GitDaemon : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServerProgram _server;

    private GitDaemon(TemporaryFolder folder, ServerProgram server) => (_folder, _server) = (folder, server);

    /// <summary>Starts it, and waits until it listens.</summary>
    public static async Task<GitDaemon> StartAsync()
    {
        var folder = new TemporaryFolder();
        var server = await ServerProgram.StartAsync(
            "git", port => ["daemon", $"--base-path={folder.Path}", "--export-all", "--reuseaddr", "--listen=127.0.0.1", $"--port={port}"]);
        return new GitDaemon(folder, server);
    }

    /// <summary>What follows <c>git+</c>.</summary>
    public string Url(string name) => $"git://127.0.0.1:{_server.Port}/{name}";

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
        _server.Dispose();
        _folder.Dispose();
    }
}

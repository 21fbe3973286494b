using System.Diagnostics.CodeAnalysis;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>Git repositories, a server for them over HTTP, and runs by one of the two ways to fetch: the program and the library.</summary>
[SuppressMessage("Usage", "xUnit1033", Justification = "The fixture is passed on.")]
public abstract class GitTest(GitRepositories repositories, string engine) : IAsyncLifetime
{
    private GitHttpServer _server = null!;

    protected GitRepositories Repositories { get; } = repositories;

    protected string Http => $"git+http://{_server.Host}";

    protected string File => $"git+file://{Repositories.Root}";

    public async ValueTask InitializeAsync() => _server = await GitHttpServer.StartAsync(Repositories.Root);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    protected Task<RunResult> RunAsync(string code, params string[] options) => RunWithAsync(code, [], options);

    protected Task<RunResult> RunWithAsync(string code, Dictionary<string, string?> environment, params string[] options)
    {
        var all = new Dictionary<string, string?>(environment) { ["ENTRYPOINT_GIT"] = engine };
        all.TryAdd("HOME", Repositories.Home);
        return EntrypointProcess.RunAsync([code, .. options], all);
    }

    protected async Task RanAsync(string what, string code, params string[] options)
    {
        var result = await RunAsync(code, options);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"ran {what}", result.Output, StringComparison.Ordinal);
    }

    protected async Task FailedAsync(int exitCode, string message, string code, params string[] options)
    {
        var result = await RunAsync(code, options);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains(message, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ran ", result.Output, StringComparison.Ordinal);
    }

    protected string Resolve(string text) => text
        .Replace("MAIN", Repositories.Main, StringComparison.Ordinal)
        .Replace("FIRST", Repositories.First, StringComparison.Ordinal)
        .Replace("MIDDLE", Repositories.Middle, StringComparison.Ordinal)
        .Replace("SHORT", Repositories.Middle[..9], StringComparison.Ordinal)
        .Replace("PULL", Repositories.Pull, StringComparison.Ordinal)
        .Replace("BOTH", Repositories.Both, StringComparison.Ordinal)
        .Replace("TAG", Repositories.TagObject, StringComparison.Ordinal);
}

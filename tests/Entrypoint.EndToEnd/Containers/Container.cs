namespace Entrypoint.EndToEnd.Containers;

/// <summary>A container that a test does things to while it runs. It is gone at the end, however the test went.</summary>
public sealed class Container : IAsyncDisposable
{
    private readonly EntrypointProcess _client;

    private Container(string name, EntrypointProcess client) => (Name, _client) = (name, client);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Starts an image in the foreground, as <c>docker run</c> does.</summary>
    /// <param name="terminal">Where a person sits before it; null for nobody.</param>
    public static Container Start(string image, IEnumerable<string> options, IEnumerable<string> arguments, Pseudoterminal? terminal = null)
    {
        var name = $"entrypoint-test-{Guid.NewGuid():N}";
        string[] words = Podman.RunWords(["--name", name, .. options, image, .. arguments]);
        return new(name, EntrypointProcess.Start(words, program: "podman", wrapper: terminal?.SessionLeader));
    }

    /// <summary>Waits until it has printed the text.</summary>
    public Task WaitForAsync(string text) => _client.WaitForAsync(text);

    /// <summary>Waits for its end.</summary>
    public Task<RunResult> WaitAsync() => _client.WaitAsync();

    /// <summary>What podman knows of it, by a template such as <c>{{.State.OOMKilled}}</c>.</summary>
    public async Task<string> InspectAsync(string template) =>
        (await Podman.CommandAsync("inspect", "--type", "container", "--format", template, Name)).Trim();

    public async ValueTask DisposeAsync()
    {
        await Podman.CommandAsync("rm", "--force", "--time", "0", "--ignore", Name);
        _client.Dispose();
    }
}

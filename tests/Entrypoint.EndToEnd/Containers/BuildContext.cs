namespace Entrypoint.EndToEnd.Containers;

/// <summary>The executable under test, wherever it really is, for image builds to take in place of one that they would make.</summary>
public sealed class BuildContext : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BuildContext() => File.Copy(EntrypointProcess.Executable, _folder["entrypoint"]);

    /// <summary>The words by which a build takes it.</summary>
    public string[] Words => ["--build-context", $"executable={_folder.Path}"];

    public void Dispose() => _folder.Dispose();
}

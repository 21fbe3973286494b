namespace Entrypoint.EndToEnd.Containers;

/// <summary>
/// This repository's folder as an image build sees it, with the executable under test in <c>artifacts/</c>, wherever that really is.
/// </summary>
public sealed class BuildContext : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BuildContext()
    {
        _folder.Write(".dockerignore", File.ReadAllText(Repository.File(".dockerignore")));
        Add(EntrypointProcess.Executable, "artifacts/entrypoint");
        foreach (var shim in Directory.EnumerateFiles(Repository.File("docker", "shims"), "*.py"))
        {
            Add(shim, $"docker/shims/{System.IO.Path.GetFileName(shim)}");
        }
    }

    /// <summary>Its full path.</summary>
    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();

    private void Add(string file, string name)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_folder[name])!);
        File.Copy(file, _folder[name]);
    }
}

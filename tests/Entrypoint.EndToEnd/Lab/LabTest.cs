using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.Lab;

/// <summary>A stand-in of an ML Lab with data, a folder that its data is kept in, and starts that know both.</summary>
public abstract class LabTest : IDisposable
{
    protected TemporaryFolder Folder { get; } = new();
    protected LabStub Stub { get; } = new();

    protected LabTest()
    {
        Directory.CreateDirectory(Folder["tmp"]);
        foreach (var version in new[] { "1", "2", "10" })
        {
            Stub.Files.Add(new StubFile($"datasets/job.py.v{version}", Packages.Script($"java {version}{new string('!', version.Length)}"), version));
        }

        Stub.Files.Add(new StubFile("datasets/sub/job.py.v11", Packages.Script("another folder"), "11"));
        Stub.Files.Add(new StubFile("datasets/pack.zip.v1", Packages.Zip(("job/__main__.py", "print('ran zip')\n")), "1"));
        Stub.Files.Add(new StubFile("datasets/pack.zip.old.v7", Packages.Script("old"), "7"));
        Stub.Files.Add(new StubFile("models/my größe & 100%.bin.v3", Packages.TarGz(1000, ("job/__main__.py", "print('ran tar')\n")), "3"));
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder["tmp"]));
        Assert.Empty(Directory.Exists(Folder["data"]) ? Directory.GetFiles(Folder["data"], "*.part", SearchOption.AllDirectories) : []);
        Folder.Dispose();
    }

    protected Task<RunResult> RunAsync(string key, params (string Name, string Value)[] more) => RunAsync([key], more);

    protected Task<RunResult> RunAsync(string[] arguments, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string?>
        {
            ["TMPDIR"] = Folder["tmp"],
            ["ENTRYPOINT_STATE"] = Folder["state"],
            ["DATA_ENVIRONMENT"] = Folder["data"],
            ["LAB_API_TOKEN"] = LabStub.Token,
            ["LAB_PROJECT"] = "churn",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return EntrypointProcess.RunAsync(arguments, environment);
    }
}

using Entrypoint.EndToEnd.Lab;
using Entrypoint.EndToEnd.VersionControl;
using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.Sources;

/// <summary>A server of each kind that code comes from, over plain HTTP and without a password, and how each is named.</summary>
public sealed class SourceServers : IAsyncLifetime
{
    private readonly GitRepositories _git = new();
    private readonly MercurialRepository _hg = new();
    private readonly SubversionRepository _svn = new();
    private readonly BazaarBranch _bzr = new();
    private readonly LabStub _lab = new();
    private readonly LabStub _secondLab = new();
    private GitHttpServer? _gitServer;
    private ServerProgram? _hgServer;
    private SubversionWebServer? _svnServer;
    private ServerProgram? _files;
    private StubServer? _java;
    private StubServer? _contaxy;

    /// <summary>Whatever fetches.</summary>
    public static TheoryData<string> All { get; } = ["git", "git in process", "hg", "svn", "bzr", "web", "lab", "second lab"];

    /// <summary>Whatever fetches by a way through a proxy for https: <c>brz</c> 3.3 has none (it fails in its own code).</summary>
    public static TheoryData<string> WithTunnels { get; } = ["git", "git in process", "hg", "svn", "web", "lab", "second lab"];

    /// <summary>Whatever fetches but a Lab, which has a token.</summary>
    public static TheoryData<string> WithPasswords { get; } = ["git", "git in process", "hg", "svn", "bzr", "web"];

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_git.InitializeAsync().AsTask(), _hg.InitializeAsync().AsTask(), _svn.InitializeAsync().AsTask(), _bzr.InitializeAsync().AsTask());
        _gitServer = await GitHttpServer.StartAsync(_git.Root);
        _hgServer = await ServerProgram.StartAsync("hg", port => ["serve", "-a", "127.0.0.1", "-p", $"{port}", "-R", _hg.Folder["repo"]]);
        _svnServer = await SubversionWebServer.StartAsync(_svn.Folder["served"]);
        _bzr.Folder.Write("served/job.py", "print('ran')\n");
        _files = await ServerProgram.StartAsync("python3", port => ["-m", "http.server", "--bind", "127.0.0.1", "--directory", _bzr.Folder["served"], $"{port}"]);
        _lab.Files.Add(new StubFile("datasets/job.py.v1", Packages.Script("lab"), "1"));
        _secondLab.Files.Add(new StubFile("datasets/job.py", Packages.Script("second lab"), "b1"));
        _java = await StubServer.StartAsync(_lab.AnswerJava);
        _contaxy = await StubServer.StartAsync(_secondLab.AnswerContaxy);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new IDisposable?[] { _hgServer, _svnServer, _files })
        {
            server?.Dispose();
        }

        foreach (var other in new IAsyncDisposable?[] { _gitServer, _java, _contaxy, _git, _hg, _svn, _bzr })
        {
            await (other?.DisposeAsync() ?? default);
        }
    }

    /// <summary>The port of a fetcher's server.</summary>
    public int PortOf(string fetcher) => fetcher switch
    {
        "hg" => _hgServer!.Port,
        "svn" => PortIn(_svnServer!.Host),
        "bzr" or "web" => _files!.Port,
        "lab" => PortIn(_java!.Address),
        "second lab" => PortIn(_contaxy!.Address),
        _ => PortIn(_gitServer!.Host),
    };

    /// <summary>Runs the job that a fetcher brings from an address, which leads to its server.</summary>
    /// <param name="address">Scheme, host and port.</param>
    /// <param name="environment">More variables, and <c>HOME</c>'s files behind an <c>@</c>.</param>
    public static async Task<RunResult> RunAsync(string fetcher, string address, params (string Name, string? Value)[] environment)
    {
        using var folder = new TemporaryFolder();
        var variables = new Dictionary<string, string?>
        {
            ["HOME"] = folder.Path,
            ["PATH"] = $"/usr/bin:/bin:{Interpreter.SearchPath}",
            ["ENTRYPOINT_GIT"] = fetcher == "git in process" ? "library" : "program",
            [fetcher == "lab" ? "LAB_ENDPOINT" : "LAB_API_ENDPOINT"] = fetcher.EndsWith("lab", StringComparison.Ordinal) ? address + (fetcher == "lab" ? "" : "/api") : null,
            ["LAB_API_TOKEN"] = LabStub.Token,
            ["LAB_PROJECT"] = "churn",
            ["DATA_ENVIRONMENT"] = folder["data"],
        };
        foreach (var (name, value) in environment)
        {
            if (name[0] == '@')
            {
                folder.Write(name[1..], value!);
            }
            else
            {
                variables[name] = value;
            }
        }

        var code = fetcher switch
        {
            "hg" => $"hg+{address}/",
            "svn" => $"svn+{address}/svn/repo/trunk",
            "bzr" => $"bzr+{address}/branch",
            "web" => $"{address}/job.py",
            "lab" or "second lab" => "datasets/job.py",
            _ => $"git+{address}/jobs.git",
        };
        return await EntrypointProcess.RunAsync([code, "--fetch-timeout=20s"], variables);
    }

    private static int PortIn(string address) => int.Parse(address[(address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}

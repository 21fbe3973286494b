namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>Git repositories made once, below one folder that servers serve.</summary>
public sealed class GitRepositories : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string _work = "";

    /// <summary>The folder of the bare repositories: <c>jobs.git</c>, <c>lib.git</c>, <c>super.git</c>, <c>empty.git</c>.</summary>
    public string Root => _folder["served"];

    /// <summary>A home folder with no configuration.</summary>
    public string Home => _folder["home"];

    /// <summary>The tip of <c>main</c>.</summary>
    public string Main { get; private set; } = "";

    /// <summary>The first commit, to which the tags <c>v1</c> (annotated) and <c>light</c> point.</summary>
    public string First { get; private set; } = "";

    /// <summary>A commit between the two, to which nothing points.</summary>
    public string Middle { get; private set; } = "";

    /// <summary>A commit that only <c>refs/pull/1/head</c> has.</summary>
    public string Pull { get; private set; } = "";

    /// <summary>The branch that has the same name as a tag.</summary>
    public string Both { get; private set; } = "";

    /// <summary>The tag object of <c>v1</c>.</summary>
    public string TagObject { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Home);
        await MakeJobsAsync();
        await MakeSubmodulesAsync();
        await Tool.RunAsync("git", ["init", "--quiet", "--bare", "--initial-branch=main", Path.Combine(Root, "empty.git")]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What a job prints that says where it comes from.</summary>
    public static string Program(string name) =>
        $"""
        import os, sys
        print('ran', '{name}', os.environ.get('ENTRYPOINT_REVISION'), *sys.argv[1:])

        """;

    /// <summary>Clones a working folder of a repository for the server.</summary>
    public async Task PublishAsync(string work, string name)
    {
        var bare = Path.Combine(Root, name);
        await Tool.RunAsync("git", ["clone", "--quiet", "--bare", work, bare]);
        await GitIn(bare, "fetch", "--quiet", work, "+refs/*:refs/*");
        await GitIn(bare, "config", "uploadpack.allowFilter", "true");
        await GitIn(bare, "update-server-info");
    }

    /// <summary>Runs <c>git</c> as someone with a name.</summary>
    public static Task<string> GitIn(string folder, params string[] arguments) =>
        Tool.RunAsync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "protocol.file.allow=always", .. arguments], folder);

    private Task<string> Git(params string[] arguments) => GitIn(_work, arguments);

    private async Task<string> CommitAsync(string message)
    {
        await Git("add", "--all");
        await Git("commit", "--quiet", "--allow-empty", "--message", message);
        return (await Git("rev-parse", "HEAD")).Trim();
    }

    private async Task MakeJobsAsync()
    {
        _work = _folder["jobs"];
        await Tool.RunAsync("git", ["init", "--quiet", "--initial-branch=main", _work]);
        _folder.Write("jobs/__main__.py", Program("first"));
        _folder.Write("jobs/jobs/small/__main__.py", Program("small"));
        _folder.Write("jobs/jobs/small/script.py", Program("script"));
        _folder.Write("jobs/jobs/neighbour/data.txt", "neighbour\n");
        for (var number = 0; number < 200; number++)
        {
            _folder.Write($"jobs/other/{number}.txt", string.Concat(Enumerable.Range(0, 50).Select(_ => Guid.NewGuid())));
        }

        _folder.Write("jobs/.gitattributes", "*.crlf text eol=crlf\n");
        _folder.Write("jobs/jobs/small/lines.crlf", "one\ntwo\n");
        File.CreateSymbolicLink(_folder["jobs/link"], "jobs/small");
        File.CreateSymbolicLink(_folder["jobs/out"], "/etc");
        File.CreateSymbolicLink(_folder["jobs/up"], "..");
        First = await CommitAsync("first");
        await Git("tag", "--annotate", "--message", "v1", "v1");
        await Git("tag", "light");
        await Git("tag", "both");
        TagObject = (await Git("rev-parse", "v1")).Trim();
        _folder.Write("jobs/__main__.py", Program("middle"));
        Middle = await CommitAsync("middle");
        _folder.Write("jobs/__main__.py", Program("main"));
        Main = await CommitAsync("main");

        await Git("checkout", "--quiet", "-b", "both");
        _folder.Write("jobs/__main__.py", Program("both"));
        Both = await CommitAsync("both");
        await Git("checkout", "--quiet", "-b", "feature/x");
        _folder.Write("jobs/__main__.py", Program("feature"));
        await CommitAsync("feature");
        await Git("checkout", "--quiet", "--detach");
        _folder.Write("jobs/__main__.py", Program("pull"));
        Pull = await CommitAsync("pull");
        await Git("update-ref", "refs/pull/1/head", Pull);
        await Git("checkout", "--quiet", "main");
        await PublishAsync(_work, "jobs.git");
    }

    private async Task MakeSubmodulesAsync()
    {
        _work = _folder["lib"];
        await Tool.RunAsync("git", ["init", "--quiet", "--initial-branch=main", _work]);
        _folder.Write("lib/lib.py", "name = 'old'\n");
        await CommitAsync("old");
        await PublishAsync(_work, "lib.git");
        var bare = Path.Combine(Root, "lib.git");

        _work = _folder["super"];
        await Tool.RunAsync("git", ["init", "--quiet", "--initial-branch=main", _work]);
        _folder.Write("super/__main__.py",
            """
            import sys
            sys.path.insert(0, __file__.rsplit('/', 1)[0] + '/deps')
            from lib import lib
            print('ran', lib.name)
            """);
        _folder.Write("super/job/__main__.py",
            """
            import sys
            sys.path.insert(0, __file__.rsplit('/', 1)[0])
            from lib import lib
            print('ran', lib.name)
            """);
        await Git("remote", "add", "origin", Path.Combine(Root, "super.git"));
        await Git("submodule", "--quiet", "add", bare, "deps/lib");
        await Git("submodule", "--quiet", "add", bare, "job/lib");
        await Git("config", "--file", ".gitmodules", "submodule.deps/lib.url", "../lib.git");
        await Git("config", "--file", ".gitmodules", "submodule.job/lib.url", "../lib.git");
        await CommitAsync("super");
        await PublishAsync(_work, "super.git");

        // The submodule goes on; the tree still names its first commit, which is no tip any more.
        File.WriteAllText(_folder["lib/lib.py"], "name = 'new'\n");
        await GitIn(_folder["lib"], "commit", "--quiet", "--all", "--message", "new");
        await GitIn(_folder["lib"], "push", "--quiet", bare, "main");
        await GitIn(bare, "update-server-info");

        _work = _folder["evil"];
        await Tool.RunAsync("git", ["init", "--quiet", "--initial-branch=main", _work]);
        _folder.Write("evil/__main__.py", Program("evil"));
        await Git("submodule", "--quiet", "add", bare, "lib");
        await Git("config", "--file", ".gitmodules", "submodule.lib.url", $"file://{bare}");
        await CommitAsync("a submodule of this machine");
        await PublishAsync(_work, "evil.git");
        await Git("config", "--file", ".gitmodules", "submodule.lib.url", "ext::sh -c touch% /tmp/entrypoint-canary");
        await CommitAsync("a submodule that runs a command");
        await PublishAsync(_work, "canary.git");
    }
}

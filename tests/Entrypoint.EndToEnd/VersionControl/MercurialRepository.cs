namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>Made once for all tests of the class.</summary>
public sealed class MercurialRepository : IAsyncLifetime
{
    /// <summary>The folder that it is in; a home folder too.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>The id of the first changeset.</summary>
    public string First { get; private set; } = "";

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }

    public async ValueTask InitializeAsync()
    {
        await Hg("init", ".");
        Folder.Write("repo/__main__.py", GitRepositories.Program("first"));
        Folder.Write("repo/jobs/small/__main__.py", GitRepositories.Program("small"));
        Folder.Write("repo/jobs/small/probe.py",
            """
            import os
            print('ran', os.path.exists(os.path.dirname(os.path.abspath(__file__)) + '/../../other'))
            """);
        Folder.Write("repo/other/data.txt", "data\n");
        File.CreateSymbolicLink(Folder["repo/link"], "jobs/small");
        File.CreateSymbolicLink(Folder["repo/out"], "/etc");
        await Hg("addremove", "--quiet");
        await Hg("commit", "--message", "first");
        First = (await Hg("log", "--rev=.", "--template={node}")).Trim();
        await Hg("tag", "v1");
        Folder.Write("repo/__main__.py", GitRepositories.Program("main"));
        await Hg("commit", "--message", "main");
        await Hg("branch", "--quiet", "dev");
        Folder.Write("repo/__main__.py", GitRepositories.Program("dev"));
        await Hg("commit", "--message", "dev");
        await Hg("bookmark", "mark");
        await Hg("update", "--quiet", "default");
    }

    private Task<string> Hg(params string[] arguments)
    {
        Directory.CreateDirectory(Folder["repo"]);
        return Tool.RunAsync("hg", [.. arguments, "--config", "ui.username=Test"], Folder["repo"]);
    }
}

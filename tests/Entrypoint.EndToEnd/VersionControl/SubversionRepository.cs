namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>Made once for all tests of the class.</summary>
public sealed class SubversionRepository : IAsyncLifetime
{
    /// <summary>The folder that it is in; a home folder too.</summary>
    public TemporaryFolder Folder { get; } = new();

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder["served"]);
        await Tool.RunAsync("svnadmin", ["create", Folder["served/repo"]]);
        Folder.Write("work/trunk/__main__.py", GitRepositories.Program("first"));
        Folder.Write("work/trunk/jobs/small/__main__.py", GitRepositories.Program("small"));
        Folder.Write("work/trunk/other/data.txt", "data\n");
        File.CreateSymbolicLink(Folder["work/trunk/link"], "jobs/small");
        File.CreateSymbolicLink(Folder["work/trunk/out"], "/etc");
        var url = $"file://{Folder["served/repo"]}";
        await Tool.RunAsync("svn", ["import", "--quiet", "--force-log", "--message", "first", Folder["work"], url]);
        await Tool.RunAsync("svn", ["checkout", "--quiet", url, Folder["checkout"]]);
        Folder.Write("checkout/trunk/__main__.py", GitRepositories.Program("second"));
        Folder.Write("checkout/trunk/jobs/small/probe.py",
            """
            import os
            print('ran', os.path.exists(os.path.dirname(os.path.abspath(__file__)) + '/../../other'))
            """);
        await Tool.RunAsync("svn", ["add", "--quiet", "trunk/jobs/small/probe.py"], Folder["checkout"]);
        await Tool.RunAsync("svn", ["commit", "--quiet", "--force-log", "--message", "second"], Folder["checkout"]);
    }
}

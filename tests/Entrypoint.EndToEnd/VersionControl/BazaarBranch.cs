namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>Made once for all tests of the class.</summary>
public sealed class BazaarBranch : IAsyncLifetime
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
        await Tool.RunAsync("brz", ["init", "--quiet", Directory.CreateDirectory(Folder["served/branch"]).FullName]);
        Folder.Write("served/branch/__main__.py", GitRepositories.Program("first"));
        Folder.Write("served/branch/jobs/small/__main__.py", GitRepositories.Program("small"));
        Folder.Write("served/branch/jobs/probe/__main__.py",
            """
            import os
            print('ran', os.path.exists(os.path.dirname(os.path.abspath(__file__)) + '/../../other'))
            """);
        Folder.Write("served/branch/other/data.txt", "data\n");
        File.CreateSymbolicLink(Folder["served/branch/link"], "jobs/small");
        File.CreateSymbolicLink(Folder["served/branch/out"], "/etc");
        await Brz("whoami", "--branch", "Test <test@example.org>");
        await Brz("add", "--quiet");
        await Brz("commit", "--quiet", "--message", "first");
        await Brz("tag", "v1");
        Folder.Write("served/branch/__main__.py", GitRepositories.Program("second"));
        await Brz("commit", "--quiet", "--message", "second");
    }

    private Task<string> Brz(params string[] arguments) => Tool.RunAsync("brz", arguments, Folder["served/branch"]);
}

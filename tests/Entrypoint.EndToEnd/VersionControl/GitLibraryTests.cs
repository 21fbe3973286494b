namespace Entrypoint.EndToEnd.VersionControl;

public sealed class GitLibraryTests(GitRepositories repositories) : GitTests(repositories, "library"), IClassFixture<GitRepositories>
{
    [Fact]
    public async Task Is_used_where_there_is_no_git_program()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["bin"]);
        System.IO.File.CreateSymbolicLink(folder["bin/python3"], Interpreter.Program);
        var result = await EntrypointProcess.RunAsync(
            [$"{Http}/jobs.git@v1"], new Dictionary<string, string?> { ["PATH"] = folder["bin"], ["HOME"] = Repositories.Home });

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"ran first {Repositories.First}", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_ssh_needs_the_program() => await FailedAsync(69, "needs the git program", "git+ssh://git@127.0.0.1/jobs.git");
}

namespace Entrypoint.EndToEnd.VersionControl;

public sealed class SubversionTests(SubversionRepository repository) : RepositoryTests(repository.Folder), IClassFixture<SubversionRepository>
{
    private string Trunk => $"svn+file://{Folder["served/repo"]}/trunk";

    [Theory]
    [InlineData("", "ran second 2")]
    [InlineData("@2", "ran second 2")]
    [InlineData("@1", "ran first 1")]
    [InlineData("@HEAD", "ran second 2")]
    [InlineData("@{2100-01-01}", "ran second 2")]
    [InlineData("#subdirectory=jobs/small", "ran small 2")]
    [InlineData("@1#subdirectory=jobs/small/__main__.py", "ran small 1")]
    [InlineData("#subdirectory=link", "ran small 2")]
    public async Task Takes_whatever_svn_takes_as_a_revision(string rest, string expected)
    {
        await EndsBothWaysAsync(0, expected, $"{Trunk}{rest}");
    }

    [Fact]
    public async Task Is_kept_in_the_code_cache()
    {
        await IsKeptAsync("ran second 2", $"{Trunk}");
        await IsKeptAsync("ran first 1", $"{Trunk}@1");
        await IsKeptAsync("ran small", $"{Trunk}#subdirectory=jobs/small", "--sparse");
    }

    [Fact]
    public async Task Fetches_the_subdirectory_alone_when_sparse()
    {
        await EndsAsync(0, "ran True", $"{Trunk}#subdirectory=jobs/small/probe.py");
        await EndsAsync(0, "ran False", $"{Trunk}#subdirectory=jobs/small/probe.py", "--sparse");
    }

    [Theory]
    [InlineData("@99", 66, "no revision '99'")]
    [InlineData("@nope", 66, "no revision 'nope'")]
    [InlineData("#subdirectory=nope", 66, "no folder or file 'nope'")]
    [InlineData("#subdirectory=out", 65, "leads out of")]
    [InlineData("-nope", 66, "no svn repository")]
    [InlineData("@--config-dir=/tmp", 65, "hyphen")]
    public async Task Says_what_is_not_there(string rest, int exitCode, string message)
    {
        await EndsBothWaysAsync(exitCode, message, $"{Trunk}{rest}");
    }

    [Fact]
    public async Task Logs_in_without_showing_or_keeping_the_password()
    {
        Folder.Write("served/repo/conf/svnserve.conf", "[general]\nanon-access = none\nauth-access = read\npassword-db = passwd\n");
        Folder.Write("served/repo/conf/passwd", "[users]\nme = s3cret@word\n");
        using var server = await ServerProgram.StartAsync(
            "svnserve", port => ["-d", "--foreground", "--listen-host", "127.0.0.1", "--listen-port", $"{port}", "-r", Folder["served"]]);
        using var tools = new ArgumentRecorder("svn");
        Dictionary<string, string?> environment = new() { ["PATH"] = tools.SearchPath, ["TOKEN"] = "s3cret%40word", ["HOME"] = Folder.Path };

        var result = await EntrypointProcess.RunAsync([$"svn+svn://me:${{TOKEN}}@127.0.0.1:{server.Port}/repo/trunk@1"], environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran first 1", result.Output, StringComparison.Ordinal);
        Assert.Contains("export", tools.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", tools.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(Folder[".subversion/auth/svn.simple"]) ? Directory.GetFiles(Folder[".subversion/auth/svn.simple"]) : []);

        await EndsAsync(77, "denied", $"svn+svn://me:wrong-one@127.0.0.1:{server.Port}/repo/trunk");
        await EndsAsync(77, "denied", $"svn+svn://127.0.0.1:{server.Port}/repo/trunk");
        await EndsAsync(69, "cannot be reached", "svn+svn://127.0.0.1:1/repo/trunk");
    }
}

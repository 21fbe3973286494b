namespace Entrypoint.EndToEnd.VersionControl;

public sealed class BazaarTests(BazaarBranch repository) : RepositoryTests(repository.Folder), IClassFixture<BazaarBranch>
{
    private string Branch => $"bzr+file://{Folder["served/branch"]}";

    [Theory]
    [InlineData("", "ran second 2")]
    [InlineData("@1", "ran first 1")]
    [InlineData("@v1", "ran first 1")]
    [InlineData("@tag:v1", "ran first 1")]
    [InlineData("@last:1", "ran second 2")]
    [InlineData("#subdirectory=jobs/small", "ran small 2")]
    [InlineData("#subdirectory=jobs/small/__main__.py", "ran small 2")]
    [InlineData("#subdirectory=link", "ran small 2")]
    public async Task Takes_whatever_bzr_takes_as_a_revision(string rest, string expected)
    {
        await EndsBothWaysAsync(0, expected, $"{Branch}{rest}");
    }

    [Fact]
    public async Task Is_kept_in_the_code_cache()
    {
        await IsKeptAsync("ran second 2", $"{Branch}");
        await IsKeptAsync("ran first 1", $"{Branch}@v1");
        await IsKeptAsync("ran small", $"{Branch}#subdirectory=jobs/small", "--sparse");
    }

    [Fact]
    public async Task Fetches_the_subdirectory_alone_when_sparse()
    {
        await EndsAsync(0, "ran True", $"{Branch}#subdirectory=jobs/probe");
        await EndsAsync(0, "ran False", $"{Branch}#subdirectory=jobs/probe", "--sparse");
    }

    [Theory]
    [InlineData("@99", 66, "no revision '99'")]
    [InlineData("@nope", 66, "no revision 'nope'")]
    [InlineData("@--help", 65, "hyphen")]
    [InlineData("#subdirectory=nope", 66, "no folder or file 'nope'")]
    [InlineData("#subdirectory=out", 65, "leads out of")]
    [InlineData("-nope", 66, "no bzr repository")]
    public async Task Says_what_is_not_there(string rest, int exitCode, string message)
    {
        await EndsBothWaysAsync(exitCode, message, $"{Branch}{rest}");
    }

    [Fact]
    public async Task Comes_over_http_with_and_without_a_password()
    {
        using var server = await ServerProgram.StartAsync("python3", port => ["-m", "http.server", "--bind", "127.0.0.1", "--directory", Folder["served"], $"{port}"]);
        await EndsAsync(0, "ran first 1", $"bzr+http://127.0.0.1:{server.Port}/branch@v1");
        await EndsAsync(66, "no bzr repository", $"bzr+http://127.0.0.1:{server.Port}/nope");

        await using var proxy = await LoginProxy.StartAsync(server.Port, "me:s3cret-\"word");
        using var tools = new ArgumentRecorder("brz");
        File.Move(Path.Combine(tools.SearchPath.Split(':')[0], "brz"), Path.Combine(tools.SearchPath.Split(':')[0], "bzr"));
        Dictionary<string, string?> environment = new() { ["PATH"] = tools.SearchPath, ["TOKEN"] = "s3cret-%22word", ["HOME"] = Folder.Path };

        var result = await EntrypointProcess.RunAsync([$"bzr+http://me:${{TOKEN}}@{proxy.Host}/branch@v1"], environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran first 1", result.Output, StringComparison.Ordinal);
        Assert.Contains("export", tools.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", tools.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Output, StringComparison.Ordinal);
        await EndsAsync(77, "denied", $"bzr+http://me:wrong-one@{proxy.Host}/branch");
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_unavailable() => await EndsAsync(69, "cannot be reached", "bzr+http://127.0.0.1:1/branch");
}

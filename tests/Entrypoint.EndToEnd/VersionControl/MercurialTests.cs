namespace Entrypoint.EndToEnd.VersionControl;

public sealed class MercurialTests(MercurialRepository repository) : RepositoryTests(repository.Folder), IClassFixture<MercurialRepository>
{
    private string First => repository.First;

    [Theory]
    [InlineData("", "ran main")]
    [InlineData("@v1", "ran first FIRST")]
    [InlineData("@dev", "ran dev")]
    [InlineData("@mark", "ran dev")]
    [InlineData("@0", "ran first FIRST")]
    [InlineData("@FIRST", "ran first FIRST")]
    [InlineData("@max(branch(dev))", "ran dev")]
    [InlineData("#subdirectory=jobs/small", "ran small")]
    public async Task Takes_whatever_hg_takes_as_a_revision(string rest, string expected)
    {
        using var server = await ServerProgram.StartAsync("hg", port => ["serve", "-a", "127.0.0.1", "-p", $"{port}", "-R", Folder["repo"]]);
        rest = rest.Replace("FIRST", First, StringComparison.Ordinal);
        expected = expected.Replace("FIRST", First, StringComparison.Ordinal);

        await EndsAsync(0, expected, $"hg+http://127.0.0.1:{server.Port}/{rest}");
        await EndsAsync(0, expected, $"hg+file://{Folder["repo"]}{rest}", "--sparse");
    }

    [Theory]
    [InlineData("@nope", 66, "no revision 'nope'")]
    [InlineData("@max(branch(nope))", 66, "no revision")]
    [InlineData("#subdirectory=nope", 66, "no folder or file")]
    [InlineData("#subdirectory=out", 65, "leads out of")]
    [InlineData("-nope", 66, "no hg repository")]
    public async Task Says_what_is_not_there(string rest, int exitCode, string message)
    {
        await EndsBothWaysAsync(exitCode, message, $"hg+file://{Folder["repo"]}{rest}");
    }

    [Theory]
    [InlineData("@--config=alias.update=!touch CANARY", 65)]
    [InlineData("@%2D%2Dconfig=alias.update=!touch CANARY", 65)]
    [InlineData("@default --config=alias.update=!touch CANARY", 66)]
    public async Task A_revision_is_never_an_option(string revision, int exitCode)
    {
        await EndsAsync(exitCode, "revision", $"hg+file://{Folder["repo"]}{revision.Replace("CANARY", Uri.EscapeDataString(Folder["canary"]), StringComparison.Ordinal)}");
        Assert.False(File.Exists(Folder["canary"]));
    }

    [Fact]
    public async Task Is_kept_in_the_code_cache()
    {
        await IsKeptAsync("ran main", $"hg+file://{Folder["repo"]}");
        await IsKeptAsync("ran first", $"hg+file://{Folder["repo"]}@v1");
        await IsKeptAsync("ran small", $"hg+file://{Folder["repo"]}#subdirectory=jobs/small", "--sparse");
    }

    [Fact]
    public async Task Writes_the_subdirectory_alone_when_sparse()
    {
        await EndsAsync(0, "ran True", $"hg+file://{Folder["repo"]}#subdirectory=jobs/small/probe.py");
        await EndsAsync(0, "ran False", $"hg+file://{Folder["repo"]}#subdirectory=jobs/small/probe.py", "--sparse");
        await EndsAsync(0, "ran", $"hg+file://{Folder["repo"]}#subdirectory=link", "--sparse");
    }

    [Fact]
    public async Task Logs_in_without_showing_the_password()
    {
        // The server of hg asks for no password itself; a proxy in front of it does.
        using var server = await ServerProgram.StartAsync("hg", port => ["serve", "-a", "127.0.0.1", "-p", $"{port}", "-R", Folder["repo"]]);
        await using var proxy = await LoginProxy.StartAsync(server.Port, "me:s3cret-word");
        using var tools = new ArgumentRecorder("hg");
        Dictionary<string, string?> environment = new() { ["PATH"] = tools.SearchPath, ["TOKEN"] = "s3cret-word", ["HOME"] = Folder.Path };

        var result = await EntrypointProcess.RunAsync([$"hg+http://me:${{TOKEN}}@{proxy.Host}/@v1"], environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran first", result.Output, StringComparison.Ordinal);
        Assert.Contains("clone", tools.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", tools.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Output, StringComparison.Ordinal);

        await EndsAsync(77, "denied", $"hg+http://me:wrong-one@{proxy.Host}/");
        await EndsAsync(77, "denied", $"hg+http://{proxy.Host}/");
    }
}

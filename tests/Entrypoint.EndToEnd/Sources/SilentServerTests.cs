namespace Entrypoint.EndToEnd.Sources;

/// <summary>A server that sends nothing is the end after <c>--fetch-timeout</c>, in the same words whatever fetches, and asked no second time.</summary>
public sealed class SilentServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SilentServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("git+http://HOST/jobs.git", "program")]
    [InlineData("git+http://HOST/jobs.git", "library")]
    [InlineData("git+https://HOST/jobs.git", "library")]
    [InlineData("git+git://HOST/jobs.git", "program")]
    [InlineData("git+git://HOST/jobs.git", "library")]
    [InlineData("git+ssh://git@HOST/jobs.git", "program")]
    [InlineData("hg+http://HOST/jobs", null)]
    [InlineData("svn+http://HOST/jobs", null)]
    [InlineData("svn+svn://HOST/jobs", null)]
    [InlineData("bzr+http://HOST/jobs", null)]
    [InlineData("http://HOST/job.py", null)]
    [InlineData("https://HOST/job.py", null)]
    public async Task Ends_with_the_limit_in_the_message(string code, string? engine) =>
        await EndsAsync(code.Replace("HOST", _server.Host, StringComparison.Ordinal), new() { ["ENTRYPOINT_GIT"] = engine });

    [Theory]
    [InlineData("LAB_ENDPOINT")]
    [InlineData("LAB_API_ENDPOINT")]
    public async Task Ends_so_for_a_lab_too(string endpoint) => await EndsAsync("datasets/job.py", new()
    {
        [endpoint] = $"http://{_server.Host}",
        ["LAB_API_TOKEN"] = "token",
        ["LAB_PROJECT"] = "project",
        ["DATA_ENVIRONMENT"] = _folder["data"],
    });

    private async Task EndsAsync(string code, Dictionary<string, string?> environment)
    {
        environment["HOME"] = _folder.Path;
        var result = await EntrypointProcess.RunAsync([code, "--fetch-timeout=1s"], environment);

        Assert.True(result.ExitCode == 69, result.ToString());
        Assert.Contains("nothing came for 1 s (--fetch-timeout)", result.LastLine, StringComparison.Ordinal);
        Assert.Equal(1, _server.Connections());
    }
}

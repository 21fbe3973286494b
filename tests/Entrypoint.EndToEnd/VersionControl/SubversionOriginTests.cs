using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>User and password of a Subversion URL go to its own origin and to no other, wherever externals and redirects lead.</summary>
public sealed class SubversionOriginTests(SubversionRepository repository) : RepositoryTests(repository.Folder), IClassFixture<SubversionRepository>, IAsyncLifetime
{
    private const string Login = "me:s3cret%40word@";

    private StubServer _other = null!;

    /// <summary>What another origin was told.</summary>
    private IEnumerable<string> Told => _other.Requests.Select(request => request.Authorization).OfType<string>();

    public async ValueTask InitializeAsync() => _other = await StubServer.StartAsync((context, _) =>
    {
        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"A \\\"closed\\\" place\"";
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync() => await _other.DisposeAsync();

    [Fact]
    public async Task Logs_in_over_http_and_shows_no_program_the_user_or_the_password()
    {
        using var server = await SubversionWebServer.StartAsync(Folder["served"]);
        using var tools = new ArgumentRecorder("svn");
        Dictionary<string, string?> environment = new() { ["PATH"] = tools.SearchPath };

        var result = await RunAsync($"svn+http://{Login}{server.Host}/closed/repo/trunk", environment);
        var sparse = await RunAsync($"svn+http://{Login}{server.Host}/closed/repo/trunk#subdirectory=jobs/small", environment, "--sparse");

        Assert.True(result.ExitCode == 0 && sparse.ExitCode == 0, $"{result}\n{sparse}");
        Assert.Contains("ran second 2", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", tools.Arguments + result + sparse, StringComparison.Ordinal);
        Assert.DoesNotContain("--username", tools.Arguments, StringComparison.Ordinal);
        await EndsAsync(77, "denied", $"svn+http://me:wrong-one@{server.Host}/closed/repo/trunk");
        await EndsAsync(77, "denied", $"svn+http://{server.Host}/closed/repo/trunk");
    }

    [Fact]
    public async Task A_refused_password_is_sent_at_most_twice()
    {
        await EndsAsync(77, "denied", $"svn+http://me:wrong-one@{new Uri(_other.Address).Authority}/repo/trunk");

        Assert.InRange(Told.Count(), 1, 2);
    }

    [Fact]
    public async Task A_redirect_within_the_origin_is_followed_with_the_password()
    {
        using var server = await SubversionWebServer.StartAsync(Folder["served"], "RedirectMatch 301 ^/old/(.*)$ /closed/$1\n");

        await EndsAsync(0, "ran second 2", $"svn+http://{Login}{server.Host}/old/repo/trunk");
    }

    [Theory]
    [InlineData("")]
    [InlineData("AuthType Basic\nAuthName First\nAuthUserFile PASSWORDS\nRequire valid-user\n")]
    public async Task A_redirect_to_another_origin_takes_no_password_along(string login)
    {
        // With a password, or without one, before it redirects.
        var passwords = Folder.Write("passwords", $"me:{(await Tool.RunAsync("openssl", ["passwd", "-apr1", "s3cret@word"])).Trim()}\n");
        using var server = await SubversionWebServer.StartAsync(
            Folder["served"], $"<Location /moved>\n{login.Replace("PASSWORDS", passwords, StringComparison.Ordinal)}Redirect 301 {_other.Address}/svn\n</Location>\n");

        await EndsAsync(77, "denied", $"svn+http://{Login}{server.Host}/moved/repo/trunk");

        Assert.NotEmpty(_other.Requests);
        Assert.Empty(Told);
    }

    [Fact]
    public async Task Externals_of_the_same_origin_get_the_password_and_others_do_not()
    {
        using var server = await SubversionWebServer.StartAsync(Folder["served"]);
        var trunk = await CommitExternalsAsync("own", $"^/trunk/other data\nhttp://{server.Host}/closed/repo/trunk/jobs jobs2\n{_other.Address}/svn/lib lib\n");

        var result = await RunAsync($"svn+http://{Login}{server.Host}/closed/own/trunk", [], "--report", Folder["report.json"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(result.Output.Contains("ran ['data', 'jobs2']", StringComparison.Ordinal), result.ToString());
        Assert.Contains($"The external {_other.Address}/svn/lib is left out", result.Output, StringComparison.Ordinal);
        Assert.NotEmpty(_other.Requests);
        Assert.Empty(Told);
        Assert.DoesNotContain("s3cret", result.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(trunk);
    }

    [Theory]
    [InlineData("http://HOST/closed/repo/nope lib", 66)]
    [InlineData("http://127.0.0.1:1/svn/lib lib", 69)]
    public async Task An_external_that_cannot_be_fetched_is_named(string external, int code)
    {
        using var server = await SubversionWebServer.StartAsync(Folder["served"]);
        var address = external.Replace("HOST", server.Host, StringComparison.Ordinal);
        await CommitExternalsAsync($"bad{code}", address + "\n");

        var result = await EndsAsync(code, $"the external '{address.Split(' ')[0]}'", $"svn+http://{Login}{server.Host}/closed/bad{code}/trunk");

        Assert.Contains("Cannot fetch", result.LastLine, StringComparison.Ordinal);
    }

    /// <summary>A repository whose trunk names externals, and whose job prints which of them are there.</summary>
    private async Task<string> CommitExternalsAsync(string name, string externals)
    {
        await Tool.RunAsync("svnadmin", ["create", Folder[$"served/{name}"]]);
        Folder.Write($"{name}/trunk/__main__.py", "import os\nhere = os.path.dirname(os.path.abspath(__file__))\nprint('ran', sorted(x for x in os.listdir(here) if x[0] != '_'))\n");
        Folder.Write($"{name}/trunk/other/data.txt", "data\n");
        var url = $"file://{Folder[$"served/{name}"]}";
        await Tool.RunAsync("svn", ["import", "--quiet", "--force-log", "--message", "first", Folder[name], url]);
        await Tool.RunAsync("svn", ["move", "--quiet", "--force-log", "--message", "apart", "--parents", $"{url}/trunk/other", $"{url}/trunk2/other"]);
        await Tool.RunAsync("svn", ["checkout", "--quiet", $"{url}/trunk", Folder[$"{name}-checkout"]]);
        await Tool.RunAsync("svn", ["propset", "--quiet", "svn:externals", externals.Replace("^/trunk/", "^/trunk2/", StringComparison.Ordinal), "."], Folder[$"{name}-checkout"]);
        await Tool.RunAsync("svn", ["commit", "--quiet", "--force-log", "--message", "externals"], Folder[$"{name}-checkout"]);
        return url;
    }
}

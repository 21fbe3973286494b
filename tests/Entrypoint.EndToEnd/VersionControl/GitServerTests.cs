using System.Diagnostics.CodeAnalysis;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>Servers of Git repositories that ask for a password, fail or do not answer.</summary>
[SuppressMessage("Usage", "xUnit1033", Justification = "The fixture is passed on.")]
public abstract class GitServerTests(GitRepositories repositories, string engine) : GitTest(repositories, engine)
{
    [Fact]
    public async Task Says_that_there_is_no_such_repository()
    {
        await FailedAsync(66, "no git repository", $"{Http}/nope.git");
        await FailedAsync(66, "no git repository", $"{File}/nope.git");
        await FailedAsync(66, "nothing to fetch", $"{Http}/empty.git");
    }

    [Fact]
    public async Task Logs_in_with_the_user_and_password_of_the_url()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, login: "me:p@ss/w:rd"));
        var result = await RunWithAsync(
            $"git+http://me:${{PASSWORD}}@{server.Host}/super.git", new() { ["PASSWORD"] = "p%40ss%2Fw%3Ard" }, "--log-level=debug");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran old", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("p%40ss", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("p@ss", result.Output, StringComparison.Ordinal);
        Assert.Contains($"http://me:****@{server.Host}/super.git", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_a_lone_token_as_user_name_with_an_empty_password()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, login: "t0ken-123:"));
        var result = await RunAsync($"git+http://t0ken-123@{server.Host}/jobs.git#subdirectory=jobs/small", "--sparse");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran small", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken-123", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_access_is_denied()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, login: "me:right"));

        await FailedAsync(77, "denied", $"git+http://{server.Host}/jobs.git");
        await FailedAsync(77, "denied", $"git+http://me:wrong-one@{server.Host}/jobs.git");
        var result = await RunAsync($"git+http://me:wrong-one@{server.Host}/jobs.git");
        Assert.DoesNotContain("wrong-one", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tries_again_what_the_network_broke()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, failures: 2));

        await RanAsync("main", $"git+http://{server.Host}/jobs.git");
    }

    [Fact]
    public async Task Gives_up_after_three_attempts()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, failures: 1000));

        await FailedAsync(69, "after 3 attempts", $"git+http://{server.Host}/jobs.git");
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_unavailable()
    {
        await FailedAsync(69, "cannot be reached", "git+http://127.0.0.1:1/jobs.git");
        await FailedAsync(69, "cannot be reached", "git+http://no-such-host.invalid/jobs.git");
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_in_bounded_time()
    {
        await using var server = await GitHttpServer.StartAsync(
            Repositories.Root, (application, root) => GitHttpServer.Create(application, root, neverAnswers: true));

        await FailedAsync(69, "--fetch-timeout", $"git+http://{server.Host}/jobs.git", "--fetch-timeout=1s");
        Assert.Single(server.Requests);
    }
}

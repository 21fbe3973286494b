namespace Entrypoint.EndToEnd.VersionControl;

public sealed class SshTests(GitRepositories repositories) : IClassFixture<GitRepositories>
{
    private Task<RunResult> RunAsync(string code, params (string Name, string Value)[] environment) => EntrypointProcess.RunAsync(
        [code, "--fetch-timeout=10s"],
        environment.Append(("HOME", repositories.Home)).ToDictionary(pair => pair.Item1, pair => (string?)pair.Item2));

    [Fact]
    public async Task Git_comes_over_ssh_with_the_user_s_own_command()
    {
        using var server = await SshServer.StartAsync();
        var path = $"{repositories.Root}/jobs.git";
        foreach (var url in new[] { $"git+ssh://{SshServer.User}@127.0.0.1:{server.Port}{path}@v1", $"git+{SshServer.User}@127.0.0.1:{path}@v1" })
        {
            var result = await RunAsync(url, ("GIT_SSH_COMMAND", server.Command));
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Contains("ran first", result.Output, StringComparison.Ordinal);
        }

        var configured = await RunAsync(
            $"git+ssh://{SshServer.User}@127.0.0.1{path}#subdirectory=jobs/small",
            ("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "core.sshCommand"), ("GIT_CONFIG_VALUE_0", server.Command), ("ENTRYPOINT_SPARSE", "true"));
        Assert.True(configured.ExitCode == 0, configured.ToString());
        Assert.Contains("ran small", configured.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_host_key_and_a_missing_key_are_denied_without_a_question()
    {
        using var server = await SshServer.StartAsync();
        var address = $"{SshServer.User}@127.0.0.1:{server.Port}";
        foreach (var (command, message) in new[] { (server.StrangerCommand, "Host key verification failed"), (server.KeylessCommand, "Permission denied") })
        {
            foreach (var (url, variable) in new[] { ("git+ssh://", "GIT_SSH_COMMAND"), ("svn+ssh://", "SVN_SSH") })
            {
                var result = await RunAsync($"{url}{SshServer.User}@127.0.0.1{repositories.Root}/jobs.git", (variable, command));
                Assert.True(result.ExitCode == 77, result.ToString());
                Assert.Contains(message, result.Output, StringComparison.Ordinal);
            }
        }

        using var home = new TemporaryFolder();
        home.Write(".hgrc", $"[ui]\nssh = {server.StrangerCommand}\n");
        var mercurial = await RunAsync($"hg+ssh://{address}{repositories.Root}/jobs.git", ("HGRCPATH", home[".hgrc"]));
        Assert.True(mercurial.ExitCode == 77, mercurial.ToString());
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_told_from_access_denied()
    {
        using var server = await SshServer.StartAsync();
        var result = await RunAsync($"git+ssh://{SshServer.User}@127.0.0.1:{server.Port}/nope.git", ("GIT_SSH_COMMAND", server.Command));

        Assert.True(result.ExitCode == 66, result.ToString());
    }

    [Fact]
    public async Task A_server_that_says_nothing_ends_in_bounded_time_over_ssh_and_git()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        foreach (var url in new[] { $"git+ssh://git@127.0.0.1:{port}/r", $"git+git://127.0.0.1:{port}/r", $"svn+svn://127.0.0.1:{port}/r", $"hg+http://127.0.0.1:{port}/r", $"bzr+http://127.0.0.1:{port}/r" })
        {
            var result = await EntrypointProcess.RunAsync([url, "--fetch-timeout=1s"], new Dictionary<string, string?> { ["HOME"] = repositories.Home });
            Assert.True(result.ExitCode == 69, result.ToString());
            Assert.Contains("--fetch-timeout", result.Output, StringComparison.Ordinal);
        }
    }
}

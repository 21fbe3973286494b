using Entrypoint.EndToEnd.VersionControl;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>
/// SSH from containers with a read-only root, for the user id of a line in the image's <c>/etc/passwd</c> and for one that has none, as
/// Kubernetes and OpenShift start them (podman adds a line unless it is told not to).
/// </summary>
[Collection(ContainerImages.Collection)]
public sealed class AnyUserSshTests(GitRepositories git, MercurialRepository mercurial, SubversionRepository subversion, BazaarBranch bazaar)
    : IClassFixture<GitRepositories>, IClassFixture<MercurialRepository>, IClassFixture<SubversionRepository>, IClassFixture<BazaarBranch>, IDisposable
{
    private const string Unknown = "1000650000:0";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1000:0", "git")]
    [InlineData("1000:0", "hg")]
    [InlineData("1000:0", "svn")]
    [InlineData("1000:0", "bzr")]
    [InlineData(Unknown, "git")]
    [InlineData(Unknown, "hg")]
    [InlineData(Unknown, "svn")]
    [InlineData(Unknown, "bzr")]
    public async Task Code_is_fetched(string user, string vcs)
    {
        using var server = await SshServer.StartAsync();
        var path = vcs switch
        {
            "git" => $"{git.Root}/jobs.git",
            "hg" => $"/{mercurial.Folder["repo"]}",
            "svn" => $"{subversion.Folder["served/repo"]}/trunk",
            _ => bazaar.Folder["served/branch"],
        };

        // svn gives host and port to ssh as one word; the port stands in its configuration.
        var port = vcs == "svn" ? "" : $":{server.Port}";
        var result = await RunAsync(server, user, [], $"{vcs}+ssh://{SshServer.User}@127.0.0.1{port}{path}");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("ran ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ld.so", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_says_where_keys_are_looked_for()
    {
        using var server = await SshServer.StartAsync();

        var result = await RunAsync(server, Unknown, ["--env", "HOME=/tmp"], $"git+ssh://{SshServer.User}@127.0.0.1:{server.Port}{git.Root}/jobs.git");

        Assert.True(result.ExitCode == 77, result.ToString());
        Assert.Contains("No user exists for uid 1000650000 in /etc/passwd, so ssh looks for keys and known hosts in /tmp/.ssh", result.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_requirement_names_is_fetched()
    {
        using var server = await SshServer.StartAsync();
        var package = _folder["package"];
        _folder.Write("package/setup.py", "from setuptools import setup; setup(name='overssh', version='1.0', py_modules=['overssh'])");
        _folder.Write("package/overssh.py", "WORD = 'came over ssh'");
        await GitRepositories.GitIn(package, "init", "--quiet");
        await GitRepositories.GitIn(package, "add", ".");
        await GitRepositories.GitIn(package, "-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message=first");
        var job = _folder.Job("import overssh; print(overssh.WORD)");
        _folder.Write("job/requirements.txt", $"overssh @ git+ssh://{SshServer.User}@127.0.0.1:{server.Port}{package}\n");

        var result = await RunAsync(server, Unknown, ["--volume", $"{job}:/job:ro", "--env", "PIP_NO_BUILD_ISOLATION=false", "--env", "PIP_NO_INDEX=1"], "/job");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("came over ssh", result.Output, StringComparison.Ordinal);
    }

    /// <summary>What the job itself sees is the container's own user database; the README says what helps.</summary>
    [Theory]
    [InlineData("1000:0", "", "user job home /workspace")]
    [InlineData(Unknown, "", "no user")]
    [InlineData(Unknown, "me", "user me home /keys")]
    public async Task The_job_sees_the_user_that_the_image_knows(string user, string variable, string expected)
    {
        using var server = await SshServer.StartAsync();
        var job = _folder.Job("""
            import getpass, os
            assert "LD_PRELOAD" not in os.environ
            try:
                print("user", getpass.getuser(), "home", os.path.expanduser("~"))
            except (KeyError, OSError):
                print("no user")
            """);

        string[] home = variable.Length == 0 ? [] : ["--env", $"USER={variable}"];
        string[] its = user == Unknown ? [] : ["--env", "HOME=/workspace"];
        var result = await RunAsync(server, user, ["--volume", $"{job}:/job:ro", .. home, .. its], "/job");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    private async Task<RunResult> RunAsync(SshServer server, string user, string[] options, params string[] arguments)
    {
        await server.WriteKeysAsync(_folder["keys"]);
        return await Podman.RunAsync(
            ContainerImages.Jobs,
            [
                "--user", user, "--passwd=false", "--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp:rw,noexec", "--cap-drop", "all",
                "--volume", $"{_folder["keys"]}:/workspace/.ssh:ro", "--volume", $"{_folder["keys"]}:/keys/.ssh:ro", "--env", "HOME=/keys",
                .. options,
            ],
            arguments);
    }
}

using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.EndToEnd.Containers;

/// <summary>Containers that run as whoever the cluster says, with a root that nobody can write to.</summary>
[Collection(ContainerImages.Collection)]
public sealed class AnyUserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("12345:0")]
    [InlineData("12345:12345")]
    public async Task Runs_a_job(string user)
    {
        var job = _folder.Job("import os; print('user', os.getuid(), os.getgid()); raise SystemExit(3)");

        var result = await Podman.RunAsync(ContainerImages.Jobs, [.. ReadOnly(user), "--volume", $"{job}:/workspace/ml-job:ro"], "/workspace/ml-job");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains($"user {user.Replace(':', ' ')}", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12345:0")]
    [InlineData("12345:12345")]
    public async Task Installs_requirements_where_nothing_but_tmp_can_be_written(string user)
    {
        var job = _folder.Job("import greeting; print('hello from the wheel')");
        Wheel.Write(job, "greeting");
        _folder.Write("job/requirements.txt", "--no-index\n--find-links .\ngreeting\n");

        var result = await Podman.RunAsync(ContainerImages.Jobs, [.. ReadOnly(user), "--volume", $"{job}:/workspace/ml-job:ro"], "/workspace/ml-job");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("hello from the wheel", result.Output, StringComparison.Ordinal);
        Assert.Contains("[WARNING]", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git+file:///repositories/git")]
    [InlineData("hg+file:///repositories/hg")]
    [InlineData("svn+file:///repositories/svn")]
    [InlineData("bzr+file:///repositories/bzr")]
    public async Task Fetches_from_a_mounted_repository_of_somebody_else(string url)
    {
        await MakeRepositoriesAsync();

        var result = await Podman.RunAsync(
            ContainerImages.Jobs,
            [.. ReadOnly("12345:0"), "--volume", $"{_folder["repositories"]}:/repositories:ro"],
            url);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("fetched revision", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_what_it_prepared_on_a_volume_for_the_next_start()
    {
        var job = _folder.Job("import greeting; print('hello from the wheel')");
        Wheel.Write(job, "greeting");
        _folder.Write("job/requirements.txt", "--no-index\n--find-links .\ngreeting\n");
        var state = Directory.CreateDirectory(_folder["state"]).FullName;
        File.SetUnixFileMode(state, (UnixFileMode)0b111_111_111);
        string[] options =
            [.. ReadOnly("12345:0"), "--volume", $"{job}:/workspace/ml-job:ro", "--volume", $"{state}:/state", "--env", "ENTRYPOINT_STATE=/state"];

        var first = await Podman.RunAsync(ContainerImages.Jobs, options, "/workspace/ml-job");
        var second = await Podman.RunAsync(ContainerImages.Jobs, options, "/workspace/ml-job");

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Contains("pip install", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("pip install", second.Output, StringComparison.Ordinal);
        Assert.Contains("hello from the wheel", second.Output, StringComparison.Ordinal);
    }

    private static string[] ReadOnly(string user) => ["--user", user, "--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp", "--cap-drop", "all"];

    /// <summary>One repository of each kind, made in a container, so that the host needs none of the programs.</summary>
    private async Task MakeRepositoriesAsync()
    {
        var repositories = Directory.CreateDirectory(_folder["repositories"]).FullName;
        const string script =
            """
            set -e
            export HOME=/tmp HGUSER=test BRZ_EMAIL=test@localhost
            export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@localhost GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@localhost
            mkdir git hg bzr tree
            for folder in git hg bzr tree; do
                echo 'import os; print("fetched revision", os.environ["ENTRYPOINT_REVISION"])' >$folder/__main__.py
            done
            (cd git && git init --quiet && git add . && git commit --quiet --message=test)
            (cd hg && hg init && hg add --quiet && hg commit --message test)
            svnadmin create svn && svn import --quiet --message test tree "file://$PWD/svn"
            (cd bzr && brz init --quiet && brz add --quiet && brz commit --quiet --message test)
            """;
        var made = await Podman.RunAsync(
            ContainerImages.Jobs,
            ["--entrypoint", "/bin/sh", "--volume", $"{repositories}:/repositories", "--workdir", "/repositories"],
            "-c",
            script);
        Assert.True(made.ExitCode == 0, made.ToString());
    }
}

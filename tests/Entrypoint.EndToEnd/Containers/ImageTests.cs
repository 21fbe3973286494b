namespace Entrypoint.EndToEnd.Containers;

/// <summary>What the image of <c>docker/Dockerfile</c> is made of.</summary>
[Collection(ContainerImages.Collection)]
public sealed class ImageTests
{
    [Fact]
    public async Task Has_the_defaults_of_the_contract_in_its_environment()
    {
        var lines = (await InImageAsync("env")).Split('\n');

        Assert.Contains("WORKSPACE_HOME=/workspace", lines);
        Assert.Contains("RESOURCES_PATH=/resources", lines);
        Assert.Contains("CONDA_ROOT=/opt/conda", lines);
        Assert.Contains("DATA_ENVIRONMENT=/data", lines);
        Assert.Contains("ENTRYPOINT_STATE=/var/lib/entrypoint", lines);
        Assert.Contains("ENTRYPOINT_DEPENDENCIES=auto", lines);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("python3")]
    [InlineData("pip")]
    [InlineData("git")]
    [InlineData("hg")]
    [InlineData("svn")]
    [InlineData("brz")]
    [InlineData("ssh")]
    [InlineData("entrypoint")]
    public async Task Has_what_fetches_and_runs(string program) => Assert.StartsWith("/", await InImageAsync($"command -v {program}"), StringComparison.Ordinal);

    [Fact]
    public async Task Has_no_compiler_no_dotnet_and_no_package_lists() =>
        Assert.Empty(await InImageAsync("command -v cc gcc g++ clang dotnet; ls /var/lib/apt/lists"));

    [Fact]
    public async Task Has_certificates_and_venv() =>
        Assert.NotEmpty(await InImageAsync("test -s /etc/ssl/certs/ca-certificates.crt && python -c 'import venv, ensurepip' && echo yes"));

    [Fact]
    public async Task Has_a_user_for_jobs() =>
        Assert.Equal("job:x:1000:0::/workspace:/bin/bash", await InImageAsync("getent passwd 1000"));

    [Fact]
    public async Task Describes_itself()
    {
        var labels = await Podman.CommandAsync("image", "inspect", "--format", "{{json .Config.Labels}}", ContainerImages.Jobs);
        var start = await Podman.CommandAsync("image", "inspect", "--format", "{{json .Config.Entrypoint}}{{json .Config.Cmd}}", ContainerImages.Jobs);

        Assert.All(
            ["title", "description", "licenses", "base.name", "version", "revision"],
            name => Assert.Contains($"\"org.opencontainers.image.{name}\":", labels, StringComparison.Ordinal));
        Assert.Equal("[\"/usr/local/bin/entrypoint\"]null", start.Trim());
        Assert.Equal(
            (await InImageAsync("entrypoint --version")).Replace("entrypoint ", "", StringComparison.Ordinal),
            (await Podman.CommandAsync("image", "inspect", "--format", "{{index .Config.Labels \"org.opencontainers.image.version\"}}", ContainerImages.Jobs)).Trim());
    }

    private static async Task<string> InImageAsync(string script) =>
        (await Podman.RunAsync(ContainerImages.Jobs, ["--entrypoint", "/bin/sh"], "-c", script)).Output.Trim();
}

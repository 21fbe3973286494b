using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.Sources.VersionControl;

namespace Entrypoint.Tests.Sources.VersionControl;

public sealed class GitEnvironmentTests
{
    private static readonly VcsUrl Url = VcsUrl.Parse(SafeAddress.Of("x"), "git+https://me:s3cret@host:81/r");

    [Fact]
    public void No_setting_holds_the_password_and_the_user_s_own_settings_stay()
    {
        var user = ProcessEnvironment.From([new("GIT_CONFIG_COUNT", "1"), new("GIT_CONFIG_KEY_0", "user.name"), new("GIT_CONFIG_VALUE_0", "x")]);

        var environment = GitEnvironment.For(Url, user);
        var settings = GitSettings.For(Url, hasLargeFiles: false);

        Assert.Equal(("1", "user.name"), (environment["GIT_CONFIG_COUNT"], environment["GIT_CONFIG_KEY_0"]));
        Assert.DoesNotContain("s3cret", settings, StringComparison.Ordinal);
        Assert.Contains("[credential \"https://host:81\"]\n\thelper = \"\"\n", settings, StringComparison.Ordinal);
        Assert.Contains("[protocol \"ext\"]\n\tallow = \"never\"\n", settings, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_name_leaves_the_user_s_own_helpers_in_force()
    {
        var settings = GitSettings.For(VcsUrl.Parse(SafeAddress.Of("x"), "git+https://team@host/r"), hasLargeFiles: false);

        Assert.Contains("[credential \"https://host\"]\n\tusername = \"team\"\n", settings, StringComparison.Ordinal);
        Assert.DoesNotContain("helper = \"\"", settings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GIT_DIR")]
    [InlineData("GIT_WORK_TREE")]
    [InlineData("GIT_INDEX_FILE")]
    [InlineData("GIT_CONFIG_PARAMETERS")]
    [InlineData("GIT_OBJECT_DIRECTORY")]
    public void What_points_at_another_repository_is_taken_out(string name) =>
        Assert.Null(GitEnvironment.For(Url, ProcessEnvironment.From([new(name, "x")]))[name]);

    [Fact]
    public void A_list_of_allowed_protocols_loses_those_that_run_commands() =>
        Assert.Equal("https:file", GitEnvironment.For(Url, ProcessEnvironment.From([new("GIT_ALLOW_PROTOCOL", "https:ext:file:fd")]))["GIT_ALLOW_PROTOCOL"]);

    [Theory]
    [InlineData(null, null, "ssh -oBatchMode=yes")]
    [InlineData(null, "ssh -i key", "ssh -i key -oBatchMode=yes")]
    [InlineData("/opt/bin/ssh -v", "ssh -i key", "/opt/bin/ssh -v -oBatchMode=yes")]
    [InlineData("plink -batch", null, "plink -batch")]
    public void Ssh_never_asks_and_is_still_the_user_s(string? variable, string? configured, string expected)
    {
        var user = variable is null ? ProcessEnvironment.Empty : ProcessEnvironment.Empty.With("GIT_SSH_COMMAND", variable);

        Assert.Equal(expected, GitEnvironment.WithoutSshQuestions(user, configured)["GIT_SSH_COMMAND"]);
    }

    [Fact]
    public void An_ssh_program_of_the_user_s_own_is_left_alone() =>
        Assert.Null(GitEnvironment.WithoutSshQuestions(ProcessEnvironment.Empty.With("GIT_SSH", "/opt/tunnel"), null)["GIT_SSH_COMMAND"]);
}

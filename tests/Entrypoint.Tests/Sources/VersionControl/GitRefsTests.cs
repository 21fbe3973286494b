using Entrypoint.Sources.VersionControl;

namespace Entrypoint.Tests.Sources.VersionControl;

public sealed class GitRefsTests
{
    private const string Id = "0123456789abcdef0123456789abcdef01234567";

    private const string Listed =
        $"ref: refs/heads/main\tHEAD\n{Id}\tHEAD\n{Id}\trefs/heads/main\n{Id}\trefs/heads/both\n{Id}\trefs/tags/both\n{Id}\trefs/tags/v1\n"
        + $"{Id}\trefs/tags/v1^{{}}\n{Id}\trefs/heads/feature/x\n{Id}\trefs/pull/7/head\n{Id}\trefs/heads/x/refs/heads/y\n";

    [Theory]
    [InlineData(null, "refs/heads/main")]
    [InlineData("HEAD", "refs/heads/main")]
    [InlineData("main", "refs/heads/main")]
    [InlineData("feature/x", "refs/heads/feature/x")]
    [InlineData("both", "refs/heads/both")]
    [InlineData("v1", "refs/tags/v1")]
    [InlineData("refs/tags/v1", "refs/tags/v1")]
    [InlineData("refs/tags/both", "refs/tags/both")]
    [InlineData("refs/pull/7/head", "refs/pull/7/head")]
    [InlineData("origin/main", "refs/heads/main")]
    [InlineData("tags/both", "refs/tags/both")]
    [InlineData("heads/both", "refs/heads/both")]
    public void A_name_is_a_branch_before_it_is_a_tag(string? revision, string name) =>
        Assert.Equal(new GitTarget.Ref(name), GitRefs.Read(Listed).Resolve(revision));

    [Theory]
    [InlineData("y")]
    [InlineData("nope")]
    [InlineData("refs/heads/nope")]
    [InlineData("refs/heads/*")]
    [InlineData("abc")]
    [InlineData("v1^{}/x")]
    [InlineData("pull/7/head")]
    public void What_is_not_listed_is_not_there(string revision) =>
        Assert.True(GitRefs.Read(Listed).Resolve(revision) is null or GitTarget.Expression);

    [Fact]
    public void A_full_id_is_a_commit_in_lower_case() =>
        Assert.Equal(new GitTarget.Commit(Id), GitRefs.Read(Listed).Resolve(Id.ToUpperInvariant()));

    [Theory]
    [InlineData("0123")]
    [InlineData("0123456789ABCDEF")]
    [InlineData("HEAD~1")]
    [InlineData("main^")]
    [InlineData("v1-3-g0123456")]
    public void Only_the_history_answers_what_is_short_or_relative(string revision) =>
        Assert.Equal(new GitTarget.Expression(revision), GitRefs.Read(Listed).Resolve(revision));

    [Fact]
    public void A_server_without_a_head_has_no_default_branch() =>
        Assert.Null(GitRefs.Read($"{Id}\trefs/heads/main\n").Resolve(null));

    [Fact]
    public void A_detached_head_is_fetched_by_its_name() =>
        Assert.Equal(new GitTarget.Ref("HEAD"), GitRefs.Read($"{Id}\tHEAD\n").Resolve(null));
}

using Entrypoint.Linux;
using Entrypoint.Processes;
using Entrypoint.Workspace;
using FsCheck;
using FsCheck.Fluent;

namespace Entrypoint.Tests.Workspace;

public sealed class BaseUrlTests
{
    [Theory]
    [InlineData("/tools", "/tools")]
    [InlineData("tools", "/tools")]
    [InlineData("/tools/", "/tools")]
    [InlineData("tools/a//", "/tools/a")]
    [InlineData("//tools", "/tools")]
    [InlineData(" /tools/ ", "/tools")]
    [InlineData("/", "")]
    [InlineData("", "")]
    public void Has_a_leading_slash_and_no_trailing_one(string given, string expected) => Assert.Equal(expected, BaseUrl.Normalize(given));

    [Theory]
    [InlineData("/user/a b", "/user/a%20b")]
    [InlineData("/user/jörg", "/user/j%C3%B6rg")]
    [InlineData("/user/a@b.org", "/user/a%40b.org")]
    [InlineData("/a?b#c", "/a%3Fb%23c")]
    [InlineData("/A-Za_z.0~9", "/A-Za_z.0~9")]
    public void Is_percent_encoded(string given, string expected) => Assert.Equal(expected, BaseUrl.Normalize(given));

    [Theory]
    [InlineData("/user/a%20b", "/user/a%20b")]
    [InlineData("/user/a%40b c", "/user/a%40b%20c")]
    [InlineData("/100%", "/100%25")]
    [InlineData("/100%zz", "/100%25zz")]
    [InlineData("/100%4", "/100%254")]
    public void Is_not_encoded_twice(string given, string expected) => Assert.Equal(expected, BaseUrl.Normalize(given));

    [Fact]
    public void Keeps_bytes_that_are_not_utf8() =>
        Assert.Equal("/%FFa", BaseUrl.Normalize(OsText.Decode([(byte)'/', 0xFF, (byte)'a'])));

    [Fact]
    public void Is_stable_for_any_text() =>
        Prop.ForAll<string>(text =>
        {
            var once = BaseUrl.Normalize(text ?? "");
            Assert.Equal(once, BaseUrl.Normalize(once));
            Assert.All(once, value => Assert.True(char.IsAscii(value)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_the_hub_wins()
    {
        var environment = ProcessEnvironment.Empty.With("WORKSPACE_BASE_URL", "/mine/").With("JUPYTERHUB_SERVICE_PREFIX", "/user/a b/");

        Assert.Equal("/user/a%20b", BaseUrl.From(environment));
    }

    [Fact]
    public void Of_the_hub_counts_as_not_set_when_empty()
    {
        var environment = ProcessEnvironment.Empty.With("WORKSPACE_BASE_URL", "mine/").With("JUPYTERHUB_SERVICE_PREFIX", "");

        Assert.Equal("/mine", BaseUrl.From(environment));
    }

    [Fact]
    public void Is_none_where_no_variable_asks_for_one() => Assert.Null(BaseUrl.From(ProcessEnvironment.Empty));
}

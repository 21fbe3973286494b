using Entrypoint.Sources;

namespace Entrypoint.Tests.Sources;

public sealed class NetrcFileTests
{
    private const string Text = """
        # machine hidden login no password no
        machine one.example login alice password a1
        machine one.example
            login bob
            account x
            password b2
        macdef init
        machine inmacro login no password no
        default login no password no

        machine "two.example" login "o\"dd" password "with space#"
        machine three.example password only
        machine four.example login nobody
        default login anyone password d0
        """;

    [Theory]
    [InlineData("one.example", null, "alice", "a1")]
    [InlineData("ONE.example", null, "alice", "a1")]
    [InlineData("one.example", "bob", "bob", "b2")]
    [InlineData("two.example", null, "o\"dd", "with space#")]
    [InlineData("three.example", null, "", "only")]
    [InlineData("four.example", null, "nobody", "")]
    [InlineData("hidden", null, "anyone", "d0")]
    [InlineData("inmacro", null, "anyone", "d0")]
    [InlineData("one.example", "anyone", "anyone", "d0")]
    public void Finds_the_first_entry_that_fits(string host, string? login, string user, string password)
    {
        var entry = NetrcFile.Parse(Text).Find(host, login, orDefault: true)!;

        Assert.Equal((user, password), (entry.Login, entry.Password));
    }

    [Theory]
    [InlineData("one.example", "carol")]
    [InlineData("five.example", null)]
    public void Has_nothing_for_others(string host, string? login) => Assert.Null(NetrcFile.Parse(Text).Find(host, login, orDefault: false));

    [Theory]
    [InlineData("")]
    [InlineData("machine")]
    [InlineData("machine a login")]
    [InlineData("login x password y")]
    [InlineData("machine \"a")]
    [InlineData("macdef x\nabc")]
    [InlineData("\"\\")]
    public void Survives_what_is_broken(string text) => Assert.Null(NetrcFile.Parse(text).Find("b", null, orDefault: true));
}

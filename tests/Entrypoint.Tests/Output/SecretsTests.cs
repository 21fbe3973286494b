using Entrypoint.Output;

namespace Entrypoint.Tests.Output;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("https://user:pass@host/x", "https://user:****@host/x")]
    [InlineData("git+https://token@host/x", "git+https://****@host/x")]
    [InlineData("https://user:@host/x", "https://user:****@host/x")]
    [InlineData("https://user:p@ss:w@host/x", "https://user:****@host/x")]
    [InlineData("ssh://git@host/x", "ssh://git@host/x")]
    [InlineData("git+ssh://git@host/x", "git+ssh://git@host/x")]
    [InlineData("svn+ssh://me:pw@host/x", "svn+ssh://me:****@host/x")]
    [InlineData("https://host/x@v1", "https://host/x@v1")]
    [InlineData("https://host/x?y=a@b", "https://host/x?y=a@b")]
    [InlineData("fatal: unable to access 'https://u:p@h/': no", "fatal: unable to access 'https://u:****@h/': no")]
    [InlineData("no URL: a@b", "no URL: a@b")]
    public void User_information_of_URLs_is_masked(string text, string shown) => Assert.Equal(shown, new Secrets().Hide(text));

    [Fact]
    public void A_value_is_hidden_in_every_spelling()
    {
        var secrets = new Secrets();
        secrets.Add("p@ss/word");

        Assert.Equal("**** and ****", secrets.Hide("p@ss/word and p%40ss%2Fword"));
    }

    [Fact]
    public void The_longer_of_two_is_hidden_whole()
    {
        var secrets = new Secrets();
        secrets.Add("token");
        secrets.Add("token-2");

        Assert.Equal("**** ****", secrets.Hide("token-2 token"));
    }

    [Fact]
    public void A_short_value_is_hidden_where_it_stands_alone()
    {
        var secrets = new Secrets();
        secrets.Add("v1");

        Assert.Equal("at **** in rev12", secrets.Hide("at v1 in rev12"));
    }

    [Fact]
    public void A_secret_prints_masked()
    {
        var secret = new Secret("value");

        Assert.Equal("****", $"{secret}");
        Assert.Equal("value", secret.Reveal());
    }
}

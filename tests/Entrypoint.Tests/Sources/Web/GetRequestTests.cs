using System.Text;
using Entrypoint.Sources.Web;

namespace Entrypoint.Tests.Sources.Web;

public sealed class GetRequestTests
{
    [Theory]
    [InlineData("http://host/x", null)]
    [InlineData("http://user:pass@host/x", "user:pass")]
    [InlineData("http://user:p%40ss%2F@host/x", "user:p@ss/")]
    [InlineData("http://token@host/x", "token:")]
    [InlineData("http://us%C3%A9r:p@host/x", "usér:p")]
    public void Turns_user_and_password_into_basic_authentication(string address, string? expected)
    {
        var request = GetRequest.For(address);

        Assert.Equal("http://host/x", request.Address.AbsoluteUri);
        using var message = request.MessageTo(request.Address);
        Assert.Equal(expected is null ? [] : ["Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(expected))], Authorization(message));
    }

    [Theory]
    [InlineData("https://host/x?token=1", "https://host/x?…")]
    [InlineData("https://host:8443/a%20b", "https://host:8443/a%20b")]
    public void Shows_no_query(string address, string expected) => Assert.Equal(expected, GetRequest.For(address).Display);

    [Theory]
    [InlineData("http://host/b", true)]
    [InlineData("http://HOST:80/b", true)]
    [InlineData("https://host/b", false)]
    [InlineData("http://host:81/b", false)]
    [InlineData("http://host.evil/b", false)]
    public void Sends_authorization_to_its_own_origin_alone(string address, bool sent)
    {
        using var message = GetRequest.For("http://user:pass@host/a").MessageTo(new Uri(address));

        Assert.Equal(sent, message.Headers.Contains("Authorization"));
    }

    [Theory]
    [InlineData("http://host/a", "http://host/b", "host:netrc")]
    [InlineData("http://me:pw@host/a", "http://host/b", "me:pw")]
    [InlineData("http://me@host/a", "http://host/b", "me:of-me")]
    [InlineData("http://other@host/a", "http://host/b", "other:")]
    [InlineData("http://me:pw@host/a", "http://elsewhere/b", "elsewhere:netrc")]
    [InlineData("http://me@host/a", "http://elsewhere/b", "elsewhere:netrc")]
    [InlineData("http://host/a", "http://unknown/b", null)]
    [InlineData("http://unknown/a", "http://unknown/b", "default:netrc")]
    public void The_users_file_knows_what_the_address_does_not_say(string asked, string address, string? expected)
    {
        string? LookUp(string host, string? login, bool isFirst) => (host, login, isFirst) switch
        {
            ("host" or "elsewhere", null, _) => GetRequest.Basic(host, "netrc"),
            ("host", "me", _) => GetRequest.Basic("me", "of-me"),
            (_, null, true) => GetRequest.Basic("default", "netrc"),
            _ => null,
        };
        using var message = (GetRequest.For(asked) with { Netrc = LookUp }).MessageTo(new Uri(address));

        Assert.Equal(expected is null ? [] : ["Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(expected))], Authorization(message));
    }

    private static IEnumerable<string> Authorization(HttpRequestMessage message) =>
        message.Headers.TryGetValues("Authorization", out var values) ? values : [];
}

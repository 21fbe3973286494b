using Entrypoint.Failures;
using Entrypoint.Processes;
using Entrypoint.Sources.Web;

namespace Entrypoint.Tests.Sources.Web;

public sealed class EnvironmentProxyTests
{
    [Theory]
    [InlineData("http_proxy=http://p:3128", "http://host/x", "http://p:3128/")]
    [InlineData("HTTP_PROXY=p:3128", "http://host/x", "http://p:3128/")]
    [InlineData("http_proxy=http://lower;HTTP_PROXY=http://upper", "http://host", "http://lower/")]
    [InlineData("http_proxy=http://p", "https://host", null)]
    [InlineData("https_proxy=http://p", "https://host", "http://p/")]
    [InlineData("HTTPS_PROXY=http://p", "https://host", "http://p/")]
    [InlineData("all_proxy=socks5h://p:1080", "https://host", "socks5://p:1080/")]
    [InlineData("HTTP_PROXY=http://p;REQUEST_METHOD=GET", "http://host", null)]
    [InlineData("http_proxy=http://p;no_proxy=host", "http://host", null)]
    [InlineData("http_proxy=http://p;no_proxy=example.com", "http://a.example.com", null)]
    [InlineData("http_proxy=http://p;no_proxy=.example.com", "http://a.example.com", null)]
    [InlineData("http_proxy=http://p;no_proxy=*.example.com", "http://a.example.com", null)]
    [InlineData("http_proxy=http://p;NO_PROXY=a, b ,host", "http://HOST", null)]
    [InlineData("http_proxy=http://p;no_proxy=example.com", "http://notexample.com", "http://p/")]
    [InlineData("http_proxy=http://p;no_proxy=host:81", "http://host", "http://p/")]
    [InlineData("http_proxy=http://p;no_proxy=host:81", "http://host:81", null)]
    [InlineData("http_proxy=http://p;no_proxy=*", "http://host", null)]
    [InlineData("http_proxy=http://p;no_proxy=10.0.0.0/8", "http://10.1.2.3:80", null)]
    [InlineData("http_proxy=http://p;no_proxy=10.0.0.0/8", "http://11.1.2.3", "http://p/")]
    [InlineData("http_proxy=http://p;no_proxy=127.0.0.1,::1", "http://[::1]:8080", null)]
    [InlineData("http_proxy=", "http://host", null)]
    public void Is_what_curl_would_use(string variables, string address, string? expected)
    {
        var proxy = new EnvironmentProxy(Environment(variables));

        Assert.Equal(expected, proxy.GetProxy(new Uri(address))?.AbsoluteUri);
    }

    [Fact]
    public void Gives_its_password_to_the_proxy_alone()
    {
        var proxy = new EnvironmentProxy(Environment("http_proxy=http://me:a%40b@p:3128"));

        var credential = proxy.GetCredential(new Uri("http://p:3128/"), "Basic");

        Assert.Equal(("me", "a@b"), (credential?.UserName, credential?.Password));
        Assert.Null(proxy.GetCredential(new Uri("http://other:3128/"), "Basic"));
    }

    [Theory]
    [InlineData("http_proxy=ftp://p")]
    [InlineData("https_proxy=http://")]
    public void Refuses_what_is_no_proxy(string variables) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<EntrypointException>(() => new EnvironmentProxy(Environment(variables))).Code);

    private static ProcessEnvironment Environment(string variables) => ProcessEnvironment.From(
        variables.Split(';').Select(variable => variable.Split('=', 2)).Select(parts => KeyValuePair.Create(parts[0], parts[1])));
}

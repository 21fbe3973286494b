using System.Net;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Sources.Web;

/// <summary>
/// The proxies that the environment names, as curl and pip read it: <c>http_proxy</c>, <c>https_proxy</c>, <c>all_proxy</c> and
/// <c>no_proxy</c>, in lower case or capitals. Host names in <c>no_proxy</c> stand for their subdomains too, with a dot in front or not;
/// addresses may be ranges (<c>10.0.0.0/8</c>); <c>*</c> is every host.
/// </summary>
internal sealed class EnvironmentProxy : IWebProxy, ICredentials
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly string[] _exceptions;

    /// <exception cref="EntrypointException">64: a variable holds no address.</exception>
    public EnvironmentProxy(ProcessEnvironment environment)
    {
        // Below a web server, HTTP_PROXY is what a client sent as its "Proxy:" header (httpoxy).
        var all = Read(environment, "all_proxy", "ALL_PROXY");
        _http = (environment["REQUEST_METHOD"] is null ? Read(environment, "http_proxy", "HTTP_PROXY") : Read(environment, "http_proxy")) ?? all;
        _https = Read(environment, "https_proxy", "HTTPS_PROXY") ?? all;
        var exceptions = environment.TryGet("no_proxy", out var lower) ? lower : environment.Get("NO_PROXY", "");
        _exceptions = exceptions.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Whether any proxy is set.</summary>
    public bool IsSet => _http is not null || _https is not null;

    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : ProxyFor(destination);

    public bool IsBypassed(Uri host) => ProxyFor(host) is null || Array.Exists(_exceptions, exception => Matches(host, exception));

    /// <summary>User and password from the proxy's own address.</summary>
    public NetworkCredential? GetCredential(Uri uri, string authType)
    {
        foreach (var proxy in new[] { _http, _https })
        {
            if (proxy is { UserInfo.Length: > 0 } && proxy.Host == uri.Host && proxy.Port == uri.Port)
            {
                var parts = proxy.UserInfo.Split(':', 2);
                return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
            }
        }

        return null;
    }

    private Uri? ProxyFor(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    private static bool Matches(Uri destination, string exception)
    {
        if (exception == "*")
        {
            return true;
        }

        var host = destination.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return IPNetwork.TryParse(exception, out var network)
                ? network.Contains(address)
                : IPAddress.TryParse(exception.Trim('[', ']'), out var other) && other.Equals(address);
        }

        var (name, port) = exception.LastIndexOf(':') is var colon and > 0 ? (exception[..colon], exception[(colon + 1)..]) : (exception, null);
        name = name.TrimStart('*').Trim('.');
        return name.Length > 0
            && (port is null || port == destination.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            && (host.Equals(name, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
    }

    private static Uri? Read(ProcessEnvironment environment, params string[] names)
    {
        foreach (var name in names)
        {
            if (environment.TryGet(name, out var value))
            {
                value = value.Trim();
                return Uri.TryCreate(value.Contains("://", StringComparison.Ordinal) ? value : $"http://{value}", UriKind.Absolute, out var uri)
                    && uri.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5" or "socks5h" && uri.Host.Length > 0
                        ? Usable(uri)
                        : throw new EntrypointException(ExitCode.Usage, $"{name} holds no proxy address; it must be like http://host:port.");
            }
        }

        return null;
    }

    /// <summary>.NET's socks5 always lets the proxy look names up, which is what the <c>h</c> asks for.</summary>
    private static Uri Usable(Uri uri) => uri.Scheme == "socks5h" ? new UriBuilder(uri) { Scheme = "socks5" }.Uri : uri;
}

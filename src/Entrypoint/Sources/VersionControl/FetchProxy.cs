using Entrypoint.Processes;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.VersionControl;

/// <summary>The proxy that the environment names for a repository, for programs that do not look there, or not at all of it.</summary>
/// <param name="User">Null where it needs none.</param>
/// <param name="Address">With user and password, where it needs some.</param>
internal sealed record FetchProxy(Uri Address, string? User, string Password)
{
    /// <summary>The proxy for a URL; null for none.</summary>
    public static FetchProxy? For(VcsUrl url, ProcessEnvironment environment)
    {
        var proxies = new EnvironmentProxy(environment);
        var server = new Uri($"{(url.Scheme == "https" ? "https" : "http")}://{url.Host}/");
        if (!proxies.IsSet || proxies.GetProxy(server) is not { } proxy)
        {
            return null;
        }

        var login = proxies.GetCredential(proxy, "Basic");
        return new FetchProxy(proxy, login?.UserName, login?.Password ?? "");
    }
}

using System.Net;
using System.Text;

namespace Entrypoint.Sources.Web;

/// <summary>What is asked of a server, with <c>GET</c>.</summary>
/// <param name="Address">Without user information.</param>
internal sealed record GetRequest(Uri Address)
{
    /// <summary>The <c>Authorization</c> header; sent to the address's own origin alone, never to where it redirects.</summary>
    public string? Authorization { get; init; }

    /// <summary>What to call the address in messages.</summary>
    public string Display { get; init; } = ShownWithoutQuery(Address);

    /// <summary>The first byte that is wanted.</summary>
    public long From { get; init; }

    /// <summary>The state of the file that <see cref="From"/> counts in (<c>ETag</c> or date); null where the server gave none.</summary>
    public string? IfRange { get; init; }

    /// <summary>A request for an address that may hold user and password, which become Basic authentication.</summary>
    public static GetRequest For(string address)
    {
        var given = new Uri(address);
        var plain = new UriBuilder(given) { UserName = "", Password = "" }.Uri;
        if (given.UserInfo.Length == 0)
        {
            return new GetRequest(plain);
        }

        var parts = given.UserInfo.Split(':', 2);
        var user = Uri.UnescapeDataString(parts[0]);
        var password = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
        return new GetRequest(plain) { Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")) };
    }

    /// <summary>Whether two addresses are of one origin: scheme, host and port.</summary>
    public static bool SameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase) && one.Port == other.Port;

    /// <summary>A query may hold a signature or a token.</summary>
    public static string ShownWithoutQuery(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (address.Query.Length > 1 ? "?…" : "");

    /// <summary>The message to send to an address, the first or one that it redirects to.</summary>
    public HttpRequestMessage MessageTo(Uri address)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version11 };
        message.Headers.TryAddWithoutValidation("User-Agent", "entrypoint");
        message.Headers.TryAddWithoutValidation("Accept", "*/*");
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (Authorization is not null && SameOrigin(Address, address))
        {
            message.Headers.TryAddWithoutValidation("Authorization", Authorization);
        }

        if (From > 0)
        {
            message.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(From, null);
            if (IfRange is not null)
            {
                message.Headers.TryAddWithoutValidation("If-Range", IfRange);
            }
        }

        return message;
    }
}

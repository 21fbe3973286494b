using System.Net;
using System.Text;

namespace Entrypoint.Sources.Web;

/// <summary>The <c>Authorization</c> that the user's <c>~/.netrc</c> has for a host, or null.</summary>
/// <param name="login">The user that is meant; null for any.</param>
/// <param name="isFirst">Whether it is the host that was named, and not one that it redirects to.</param>
internal delegate string? NetrcLookup(string host, string? login, bool isFirst);

/// <summary>What is asked of a server: with <c>GET</c>, or with <c>POST</c> where it has a body, unless another method is named.</summary>
/// <param name="Address">Without user information.</param>
internal sealed record GetRequest(Uri Address)
{
    /// <summary>The <c>Authorization</c> header; sent to the address's own origin alone, never to where it redirects.</summary>
    public string? Authorization { get; init; }

    /// <summary>The kinds of answer that are taken.</summary>
    public string Accept { get; init; } = "*/*";

    /// <summary>Another method than <c>GET</c> or <c>POST</c>; null for those.</summary>
    public HttpMethod? Method { get; init; }

    /// <summary>How deep a question of WebDAV goes; null for others.</summary>
    public int? Depth { get; init; }

    /// <summary>Makes what is sent along; null for nothing.</summary>
    public Func<HttpContent>? Body { get; init; }

    /// <summary>What to call the address in messages.</summary>
    public string Display { get; init; } = ShownWithoutQuery(Address);

    /// <summary>The first byte that is wanted.</summary>
    public long From { get; init; }

    /// <summary>The state of the file that <see cref="From"/> counts in (<c>ETag</c> or date); null where the server gave none.</summary>
    public string? IfRange { get; init; }

    /// <summary>The state of the file that is here already (<c>ETag</c> or date): 304 says that it has not changed; null where there is none.</summary>
    public string? IfChanged { get; init; }

    /// <summary>Looks into the user's <c>~/.netrc</c>; null where that is not asked.</summary>
    public NetrcLookup? Netrc { get; init; }

    /// <summary>The user that the address names without a password; null for none.</summary>
    public string? UserName { get; init; }

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
        return parts.Length > 1
            ? new GetRequest(plain) { Authorization = Basic(user, Uri.UnescapeDataString(parts[1])) }
            : new GetRequest(plain) { UserName = user };
    }

    /// <summary>The header's value for a user and password.</summary>
    public static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>Whether two addresses are of one origin: scheme, host and port.</summary>
    public static bool SameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase) && one.Port == other.Port;

    /// <summary>A query may hold a signature or a token.</summary>
    public static string ShownWithoutQuery(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (address.Query.Length > 1 ? "?…" : "");

    /// <summary>The message to send to an address, the first or one that it redirects to.</summary>
    public HttpRequestMessage MessageTo(Uri address)
    {
        var message = new HttpRequestMessage(Method ?? (Body is null ? HttpMethod.Get : HttpMethod.Post), address) { Version = HttpVersion.Version11, Content = Body?.Invoke() };
        message.Headers.TryAddWithoutValidation("User-Agent", "entrypoint");
        message.Headers.TryAddWithoutValidation("Accept", Accept);
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (AuthorizationFor(address) is { } authorization)
        {
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (Depth is { } depth)
        {
            message.Headers.TryAddWithoutValidation("Depth", depth.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (From > 0)
        {
            message.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(From, null);
            if (IfRange is not null)
            {
                message.Headers.TryAddWithoutValidation("If-Range", IfRange);
            }
        }

        if (IfChanged is not null)
        {
            message.Headers.TryAddWithoutValidation(IfChanged.EndsWith('"') ? "If-None-Match" : "If-Modified-Since", IfChanged);
        }

        return message;
    }

    /// <summary>
    /// What is told to an address: to the first origin what the address says, else what the user's file has for it; to any other origin only
    /// what the file has under that host's own name.
    /// </summary>
    private string? AuthorizationFor(Uri address)
    {
        if (!SameOrigin(Address, address))
        {
            return Netrc?.Invoke(address.IdnHost, null, isFirst: false);
        }

        return Authorization ?? Netrc?.Invoke(address.IdnHost, UserName, isFirst: true) ?? (UserName is null ? null : Basic(UserName, ""));
    }
}

using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Entrypoint.Failures;
using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Finds out what a Subversion server calls the realm that it wants a password for, without telling it one: by that name <c>svn</c> looks for
/// what it keeps.
/// </summary>
internal sealed partial class SubversionRealm(VcsUrl url, FetchContext context)
{
    private const int DefaultPort = 3690;
    private const int LongestAnswer = 64 * 1024;

    /// <summary>Names for this client's abilities without which a server refuses to talk.</summary>
    private const string Abilities = "( edit-pipeline svndiff1 absent-entries depth mergeinfo log-revprops )";

    /// <summary>The realms of the URL's own origin, as <c>svn</c> writes them; none where it wants no password, or redirects to another origin.</summary>
    /// <exception cref="FetchFailureException">The server cannot be reached, or sends nothing.</exception>
    /// <exception cref="EntrypointException">65: it redirects from https to http.</exception>
    public async Task<IReadOnlyList<string>> AskAsync(CancellationToken cancellationToken)
    {
        var server = new Uri($"{url.Scheme}://{url.Host}/");
        if (url.IsHttp)
        {
            return [.. (await AskWebAsync(server, cancellationToken).ConfigureAwait(false)).Select(name => Realm(server, server.Port, name))];
        }

        var port = server.Port > 0 ? server.Port : DefaultPort;
        return await AskServerAsync(server.IdnHost, port, cancellationToken).ConfigureAwait(false) is { } realm ? [Realm(server, port, realm)] : [];
    }

    /// <summary>Whether an address is of the URL's own origin: scheme, host and port.</summary>
    public static bool IsSameOrigin(VcsUrl url, string address)
    {
        static (string, string, int) Origin(Uri uri) => (uri.Scheme, uri.IdnHost.ToLowerInvariant(), uri.Port > 0 ? uri.Port : DefaultPort);
        return Uri.TryCreate(address, UriKind.Absolute, out var other) && Origin(new Uri($"{url.Scheme}://{url.Host}/")) == Origin(other);
    }

    private static string Realm(Uri server, int port, string name) => $"<{server.Scheme}://{server.IdnHost.Trim('[', ']')}:{port}> {name}";

    private async Task<IEnumerable<string>> AskWebAsync(Uri server, CancellationToken cancellationToken)
    {
        // No secret is sent, so that no certificate need be checked here, where the user's own settings for svn are not known.
        using var web = new WebAccess(context.Options.Settings.Environment, context.Options.FetchTimeout, CertificateTrust.With(null, insecure: true));
        var request = new GetRequest(new Uri(url.Address.Reveal())) { Method = new HttpMethod("PROPFIND"), Depth = 0 };
        try
        {
            using var response = await web.GetAsync(request, cancellationToken).ConfigureAwait(false);
            return response.RequestMessage?.RequestUri is { } final && !GetRequest.SameOrigin(server, final)
                ? []
                : [.. response.Headers.WwwAuthenticate.Select(challenge => RealmParameter().Match(challenge.Parameter ?? "")).Where(match => match.Success)
                    .Select(match => match.Groups["realm"].Value).Distinct(StringComparer.Ordinal)];
        }
        catch (ServerUnavailableException exception)
        {
            throw FetchFailureException.Of(exception);
        }
    }

    private async Task<string?> AskServerAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var limit = new SilenceLimit(context.Options.FetchTimeout, cancellationToken);
        try
        {
            using var connection = await AddressRace.ConnectAsync(host, port, limit.Start()).ConfigureAwait(false);
            var stream = new NetworkStream(connection);
            _ = await ReadListAsync(stream, limit).ConfigureAwait(false);
            var address = Encoding.UTF8.GetBytes(url.Address.Reveal());
            byte[] greeting = [.. Encoding.UTF8.GetBytes($"( 2 {Abilities} {address.Length}:"), .. address, .. " 10:entrypoint ( ) ) "u8];
            await stream.WriteAsync(greeting, limit.Start()).ConfigureAwait(false);
            var answer = await ReadListAsync(stream, limit).ConfigureAwait(false);
            return AuthRequest().Match(answer) is { Success: true } match && int.Parse(match.Groups["length"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) is var length && match.Index + match.Length + length <= answer.Length
                ? Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(answer.Substring(match.Index + match.Length, length)))
                : null;
        }
        catch (OperationCanceledException) when (limit.Passed)
        {
            throw new FetchFailureException(FailureKind.Silent, Silence.Words(context.Options.FetchTimeout));
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new FetchFailureException(FailureKind.Network, $"no connection to {host}: {exception.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Reads one list of the protocol with all that is in it, byte for byte as letters.</summary>
    private static async Task<string> ReadListAsync(NetworkStream stream, SilenceLimit limit)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        for (var depth = 0; text.Length < LongestAnswer;)
        {
            if (await stream.ReadAsync(one, limit.Start()).ConfigureAwait(false) == 0)
            {
                throw new IOException("the server ended the connection");
            }

            text.Append((char)one[0]);
            if (one[0] == ':' && Length().Match(text.ToString()) is { Success: true } match)
            {
                var bytes = new byte[Math.Min(int.Parse(match.ValueSpan[..^1], System.Globalization.CultureInfo.InvariantCulture), LongestAnswer)];
                await stream.ReadExactlyAsync(bytes, limit.Start()).ConfigureAwait(false);
                text.Append(Encoding.Latin1.GetString(bytes));
                continue;
            }

            depth += one[0] switch { (byte)'(' => 1, (byte)')' => -1, _ => 0 };
            if (depth == 0 && one[0] == ')')
            {
                break;
            }
        }

        return text.ToString();
    }

    /// <summary>With its backslashes, as <c>svn</c> takes it.</summary>
    [GeneratedRegex(@"realm=""(?<realm>(?:[^""\\]|\\.)*)""", RegexOptions.IgnoreCase)]
    private static partial Regex RealmParameter();

    /// <summary>The kinds of login that a server takes, and the length of the realm that follows.</summary>
    [GeneratedRegex(@"\( success \( \( [^()]*\) (?<length>[0-9]{1,5}):")]
    private static partial Regex AuthRequest();

    [GeneratedRegex(@"(?<![^\s(])[0-9]{1,6}:\z")]
    private static partial Regex Length();
}

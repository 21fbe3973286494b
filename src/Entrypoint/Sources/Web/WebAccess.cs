using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Sources.Web;

/// <summary>
/// Asks web servers: by the proxies of the environment, with certificates checked, following redirects, and with a limit on how long a
/// server may send nothing (and none on how long an answer may take that moves).
/// </summary>
internal sealed class WebAccess : IDisposable
{
    private const int MostRedirects = 20;

    private readonly ProcessEnvironment _environment;
    private readonly CertificateTrust _trust;
    private HttpClient? _client;

    /// <param name="environment">Names the proxies.</param>
    /// <param name="silence">How long a server may send nothing.</param>
    public WebAccess(ProcessEnvironment environment, TimeSpan silence, CertificateTrust trust)
    {
        (_environment, _trust) = (environment, trust);
        Silence = silence > TimeSpan.Zero ? silence : Timeout.InfiniteTimeSpan;
    }

    /// <summary>How long a server may send nothing.</summary>
    public TimeSpan Silence { get; }

    /// <summary>Sends a request and reads the head of the answer, whatever its status but a redirect.</summary>
    /// <exception cref="ServerUnavailableException">No answer.</exception>
    /// <exception cref="EntrypointException">64: a malformed proxy variable. 69: a refused certificate, or redirects without end. 77: the proxy wants a password.</exception>
    public async Task<HttpResponseMessage> GetAsync(GetRequest request, CancellationToken cancellationToken)
    {
        var address = request.Address;
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            var response = await SendAsync(request, address, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            address = Next(request.Display, address, location);
        }

        throw new EntrypointException(ExitCode.Unavailable, $"{request.Display} redirects more than {MostRedirects} times.");
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Where a redirect leads, without the user and password that it may bring.</summary>
    private static Uri Next(string display, Uri from, Uri location)
    {
        if (!Uri.TryCreate(from, location, out var to) || (to.Scheme is "http" or "https" && to.Host.Length == 0))
        {
            throw new EntrypointException(
                ExitCode.Unavailable, $"{display} redirects to '{Archives.EntryName.Show(location.OriginalString.Split('?')[0])}', which is no address.");
        }

        if (to.Scheme is not ("http" or "https"))
        {
            throw new EntrypointException(ExitCode.Unavailable, $"{display} redirects to an address of the scheme '{to.Scheme}', which is not followed.");
        }

        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp)
        {
            throw new EntrypointException(
                ExitCode.DataError, $"{display} redirects from https to http ({Host(to)}), where anybody on the way could change the code: this is not followed. Name the address that is meant.");
        }

        return to.UserInfo.Length > 0 ? new UriBuilder(to) { UserName = "", Password = "" }.Uri : to;
    }

    private HttpClient Connect()
    {
        var proxy = new EnvironmentProxy(_environment);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Silence,
            ConnectCallback = AddressRace.ConnectAsync,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            UseProxy = proxy.IsSet,
            Proxy = proxy.IsSet ? proxy : null,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = _trust.Accepts },
        };
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private async Task<HttpResponseMessage> SendAsync(GetRequest request, Uri address, CancellationToken cancellationToken)
    {
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            _trust.Prepare();
        }

        using var message = request.MessageTo(address);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Silence);
        try
        {
            // Made by the first question: who asks none pays for none.
            _client ??= Connect();
            return await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw ServerUnavailableException.AfterSilence($"{Host(address)} does not answer", Silence, exception);
        }
        catch (HttpRequestException exception)
        {
            throw Failure(address, exception);
        }
    }

    private static Exception Failure(Uri address, HttpRequestException exception)
    {
        if (exception.InnerException is AuthenticationException refused)
        {
            var problem = refused.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
                ? $"The certificate of {Host(address)} was refused: {refused.Message} Check the address, or make its authority known (SSL_CERT_FILE, ca-certificates; for the Lab LAB_CA_BUNDLE)."
                : $"No TLS with {Host(address)}: {refused.Message} Check scheme and port of the address.";
            return new EntrypointException(ExitCode.Unavailable, problem, exception);
        }

        return exception is { HttpRequestError: HttpRequestError.ProxyTunnelError, StatusCode: HttpStatusCode.ProxyAuthenticationRequired }
            ? new EntrypointException(ExitCode.NoPermission, $"The proxy to {Host(address)} wants user and password (407): put them in the proxy variable.", exception)
            : new ServerUnavailableException($"No connection to {Host(address)}: {(exception.InnerException ?? exception).Message.TrimEnd('.')}.", exception);
    }

    private static string Host(Uri address) => address.Authority;

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;
}

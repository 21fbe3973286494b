using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Entrypoint.Processes;

namespace Entrypoint.Sources.Web;

/// <summary>
/// Asks web servers: by the proxies of the environment, with certificates checked, following redirects, and with a limit on how long a
/// server may send nothing (and none on how long an answer may take that moves).
/// </summary>
internal sealed class WebClient : IDisposable
{
    private const int MostRedirects = 20;

    private readonly HttpClient _client;
    private readonly CertificateTrust _trust;

    /// <param name="environment">Names the proxies.</param>
    /// <param name="silence">How long a server may send nothing.</param>
    /// <exception cref="EntrypointException">64: a malformed proxy variable.</exception>
    public WebClient(ProcessEnvironment environment, TimeSpan silence, CertificateTrust trust)
    {
        Silence = silence > TimeSpan.Zero ? silence : Timeout.InfiniteTimeSpan;
        _trust = trust;
        var proxy = new EnvironmentProxy(environment);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Silence,
            UseProxy = proxy.IsSet,
            Proxy = proxy.IsSet ? proxy : null,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = trust.Accepts },
        };
        _client = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>How long a server may send nothing.</summary>
    public TimeSpan Silence { get; }

    /// <summary>Sends a request and reads the head of the answer, whatever its status but a redirect.</summary>
    /// <exception cref="ServerUnavailableException">No answer.</exception>
    /// <exception cref="EntrypointException">69: a refused certificate, or redirects without end. 77: the proxy wants a password.</exception>
    public async Task<HttpResponseMessage> GetAsync(WebRequest request, CancellationToken cancellationToken)
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
            address = location.IsAbsoluteUri ? location : new Uri(address, location);
            if (address.Scheme is not ("http" or "https"))
            {
                throw new EntrypointException(
                    ExitCode.Unavailable, $"{request.Display} redirects to an address of the scheme '{address.Scheme}', which is not followed.");
            }

            address = address.UserInfo.Length > 0 ? new UriBuilder(address) { UserName = "", Password = "" }.Uri : address;
        }

        throw new EntrypointException(ExitCode.Unavailable, $"{request.Display} redirects more than {MostRedirects} times.");
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(WebRequest request, Uri address, CancellationToken cancellationToken)
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
            return await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerUnavailableException($"{Host(address)} did not answer within {Silence.TotalSeconds:0.#} s.", exception);
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
            return new EntrypointException(
                ExitCode.Unavailable,
                $"The certificate of {Host(address)} was refused: {refused.Message} Check the address, or make its authority known (SSL_CERT_FILE, ca-certificates; for the Lab LAB_CA_BUNDLE).",
                exception);
        }

        return exception is { HttpRequestError: HttpRequestError.ProxyTunnelError, StatusCode: HttpStatusCode.ProxyAuthenticationRequired }
            ? new EntrypointException(ExitCode.NoPermission, $"The proxy to {Host(address)} wants user and password (407): put them in the proxy variable.", exception)
            : new ServerUnavailableException($"No connection to {Host(address)}: {(exception.InnerException ?? exception).Message}.", exception);
    }

    private static string Host(Uri address) => address.Authority;

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;
}

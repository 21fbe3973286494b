using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>
/// Stands in front of a server, as another address of it or as the proxy on the way to any address: it can ask for a user name and a password,
/// and speak TLS, which the server behind it does not.
/// </summary>
public sealed class LoginProxy : IAsyncDisposable
{
    private static readonly string[] NotPassedOn = ["Host", "Connection", "Content-Length", "Transfer-Encoding"];

    private readonly WebApplication _application;
    private readonly HttpClient _client;
    private int _requests;

    private LoginProxy(WebApplication application, HttpClient client) => (_application, _client) = (application, client);

    /// <summary>Host and port.</summary>
    public string Host => new Uri(_application.Urls.First()).Authority;

    /// <summary>Its port.</summary>
    public int Port => new Uri(_application.Urls.First()).Port;

    /// <summary>How many requests came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <param name="port">The server's.</param>
    /// <param name="login"><c>user:password</c>; null where none is asked for.</param>
    /// <param name="certificate">Null for plain HTTP.</param>
    public static async Task<LoginProxy> StartAsync(int port, string? login, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var proxy = new LoginProxy(
            builder.Build(), new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") });
        var expected = login is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login));
        proxy._application.Run(context => proxy.AnswerAsync(context, expected));
        await proxy._application.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, string? expected)
    {
        Interlocked.Increment(ref _requests);
        if (expected is not null && context.Request.Headers.Authorization != expected)
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"test\"";
            return;
        }

        if (expected is not null)
        {
            context.Request.Headers.Authorization = default;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), $"{context.Request.Path}{context.Request.QueryString}");
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, value) in context.Request.Headers.Where(header => !NotPassedOn.Contains(header.Key)))
        {
            _ = request.Headers.TryAddWithoutValidation(name, value.ToArray()) || request.Content?.Headers.TryAddWithoutValidation(name, value.ToArray()) == true;
        }

        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, value) in answer.Headers.Concat(answer.Content.Headers).Where(header => !NotPassedOn.Contains(header.Key)))
        {
            context.Response.Headers[name] = value.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body);
    }
}

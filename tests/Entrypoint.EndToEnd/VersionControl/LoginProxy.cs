using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>Asks for a user name and a password, and passes on to a server that does not.</summary>
public sealed class LoginProxy : IAsyncDisposable
{
    private static readonly string[] NotPassedOn = ["Host", "Authorization", "Connection", "Content-Length", "Transfer-Encoding"];

    private readonly WebApplication _application;
    private readonly HttpClient _client;

    private LoginProxy(WebApplication application, HttpClient client) => (_application, _client) = (application, client);

    /// <summary>Host and port.</summary>
    public string Host => new Uri(_application.Urls.First()).Authority;

    /// <param name="login"><c>user:password</c>.</param>
    public static async Task<LoginProxy> StartAsync(int port, string login)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0));
        var proxy = new LoginProxy(builder.Build(), new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login));
        proxy._application.Run(context => proxy.AnswerAsync(context, expected));
        await proxy._application.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, string expected)
    {
        if (context.Request.Headers.Authorization != expected)
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"test\"";
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), $"{context.Request.Path}{context.Request.QueryString}");
        if (context.Request.ContentLength > 0)
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

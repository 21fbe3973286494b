using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Entrypoint.EndToEnd.Web;

/// <summary>What a stub server was asked.</summary>
public sealed record SeenRequest(string Target, string? Authorization, string? Range, string? Host);

/// <summary>A web server on a port of its own that does what a test tells it to, kindly or not, and remembers what it was asked.</summary>
public sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stop = new();

    private StubServer(WebApplication application) => _application = application;

    /// <summary>All requests, in order.</summary>
    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>Ends what stalls.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary><c>http://127.0.0.1:PORT</c>, or with https.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts one.</summary>
    /// <param name="answer">Answers a request; the number counts from 1.</param>
    /// <param name="certificate">Speaks TLS with it; null for plain HTTP.</param>
    public static async Task<StubServer> StartAsync(Func<HttpContext, int, Task> answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.UTF8);
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var application = builder.Build();
        var server = new StubServer(application);
        var number = 0;
        application.Run(async context =>
        {
            var request = context.Request;
            var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            server.Requests.Enqueue(new SeenRequest(target, request.Headers.Authorization, request.Headers.Range, request.Host.Value));
            await answer(context, Interlocked.Increment(ref number));
        });
        await application.StartAsync();
        var address = application.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Address = address.TrimEnd('/');
        return server;
    }

    /// <summary>Sends bytes with their length, and breaks the connection after some of them if told so.</summary>
    public static async Task SendAsync(HttpContext context, byte[] content, int? breakAfter = null)
    {
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content.AsMemory(0, breakAfter ?? content.Length));
        await context.Response.Body.FlushAsync();
        if (breakAfter is not null)
        {
            context.Abort();
        }
    }

    /// <summary>Sends a range if one is asked for, as a file server does.</summary>
    public static async Task SendRangeAsync(HttpContext context, byte[] content, string tag)
    {
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.Range.ToString() is { Length: > 0 } range && context.Request.Headers.IfRange == tag)
        {
            var from = int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
            content = content[from..];
        }

        await SendAsync(context, content);
    }

    /// <summary>Sends nothing more until the test ends or the client goes.</summary>
    public async Task StallAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Stopping, context.RequestAborted);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A certificate for this machine that signs itself, and its PEM.</summary>
    public static (X509Certificate2 Certificate, string Pem) NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null), certificate.ExportCertificatePem());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _application.DisposeAsync();
        _stop.Dispose();
    }
}

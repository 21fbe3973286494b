using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CliWrap;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Entrypoint.EndToEnd.VersionControl;

/// <summary><c>git http-backend</c> as CGI behind Kestrel, on a free port of 127.0.0.1; it can ask for a password and misbehave.</summary>
public sealed class GitHttpServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly string _root;
    private int _failuresLeft;

    private GitHttpServer(WebApplication application, string root) => (_application, _root) = (application, root);

    /// <summary>User and password that are asked for, as <c>user:password</c>; null for none.</summary>
    public string? Login { get; init; }

    /// <summary>Whether the files of the repository are served as they are, without any program.</summary>
    public bool IsDumb { get; init; }

    /// <summary>Whether protocol 2 is spoken, in which any commit can be asked for.</summary>
    public bool HasProtocol2 { get; init; } = true;

    /// <summary>How many requests are answered with 503 before the first that is not.</summary>
    public int Failures
    {
        init => _failuresLeft = value;
    }

    /// <summary>How many requests are not answered at all, from the first on; the rest are.</summary>
    public bool NeverAnswers { get; init; }

    /// <summary>Paths that were asked for, with their methods.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The <c>Authorization</c> headers that came.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    /// <summary>Bytes of all answers.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Host and port.</summary>
    public string Host { get; private set; } = "";

    private long _bytesSent;

    /// <summary>Serves the repositories below a folder.</summary>
    public static async Task<GitHttpServer> StartAsync(string root, Func<WebApplication, string, GitHttpServer>? configure = null, X509Certificate2? certificate = null)
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
        var application = builder.Build();
        var server = configure?.Invoke(application, root) ?? new GitHttpServer(application, root);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        server.Host = new Uri(application.Urls.First()).Authority;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    /// <summary>Makes one with other properties.</summary>
    public static GitHttpServer Create(
        WebApplication application, string root, string? login = null, bool dumb = false, bool protocol2 = true, int failures = 0, bool neverAnswers = false) =>
        new(application, root) { Login = login, IsDumb = dumb, HasProtocol2 = protocol2, Failures = failures, NeverAnswers = neverAnswers };

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (NeverAnswers)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        if (Interlocked.Decrement(ref _failuresLeft) >= 0)
        {
            context.Response.StatusCode = 503;
            return;
        }

        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            Authorizations.Enqueue(authorization);
        }

        if (Login is not null && context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Login)))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"test\"";
            return;
        }

        await (IsDumb ? SendFileAsync(context) : RunBackendAsync(context));
    }

    private async Task SendFileAsync(HttpContext context)
    {
        var path = Path.Combine(_root, context.Request.Path.Value!.TrimStart('/'));
        if (!File.Exists(path))
        {
            context.Response.StatusCode = 404;
            return;
        }

        await context.Response.SendFileAsync(path);
    }

    private async Task RunBackendAsync(HttpContext context)
    {
        var variables = new Dictionary<string, string?>
        {
            ["GIT_PROJECT_ROOT"] = _root,
            ["GIT_HTTP_EXPORT_ALL"] = "1",
            ["PATH_INFO"] = context.Request.Path,
            ["QUERY_STRING"] = context.Request.QueryString.Value?.TrimStart('?') ?? "",
            ["REQUEST_METHOD"] = context.Request.Method,
            ["CONTENT_TYPE"] = context.Request.ContentType ?? "",
            ["HTTP_CONTENT_ENCODING"] = context.Request.Headers.ContentEncoding.ToString(),
            ["GIT_PROTOCOL"] = HasProtocol2 ? context.Request.Headers["Git-Protocol"].ToString() : null,
        };
        await Cli.Wrap("git")
            .WithArguments("http-backend")
            .WithEnvironmentVariables(variables)
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.FromStream(context.Request.Body))
            .WithStandardOutputPipe(PipeTarget.Create((output, _) => PassOnAsync(output, context.Response)))
            .ExecuteAsync();
    }

    private async Task PassOnAsync(Stream output, HttpResponse response)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await output.ReadAsync(one) == 1)
        {
            if (one[0] != '\n')
            {
                line.Append((char)one[0]);
                continue;
            }

            var header = line.ToString().TrimEnd('\r');
            line.Clear();
            if (header.Length == 0)
            {
                break;
            }

            var (name, value) = (header.Split(':', 2)[0], header.Split(':', 2)[1].Trim());
            if (name == "Status")
            {
                response.StatusCode = int.Parse(value.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            }
            else
            {
                response.Headers[name] = value;
            }
        }

        var buffer = new byte[64 * 1024];
        for (int count; (count = await output.ReadAsync(buffer)) > 0;)
        {
            Interlocked.Add(ref _bytesSent, count);
            await response.Body.WriteAsync(buffer.AsMemory(0, count));
        }
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Entrypoint.Benchmarks.Data;

/// <summary>
/// The files of a folder over HTTP at a free port of 127.0.0.1: each at its own path, and as Lab data of the second generation (contaxy),
/// whose download is a plain one.
/// </summary>
internal sealed class FileServer : IAsyncDisposable
{
    private const string Project = "/projects/bench/files/";
    private readonly WebApplication _application;
    private readonly string _root;

    private FileServer(WebApplication application, string root) => (_application, _root) = (application, root);

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address => _application.Urls.First();

    public static async Task<FileServer> StartAsync(string root)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0));
        var application = builder.Build();
        var server = new FileServer(application, root);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var (name, action) = (path.TrimStart('/'), "");
        if (path.StartsWith(Project, StringComparison.Ordinal) && path.Split(':') is [var key, var verb])
        {
            (name, action) = (key[Project.Length..], verb);
        }

        var file = new FileInfo(Path.Combine(_root, name));
        if (!file.Exists)
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsJsonAsync(new { code = 404, message = $"File not found (key: {name})." });
            return;
        }

        if (action == "metadata")
        {
            await context.Response.WriteAsJsonAsync(new
            {
                key = name,
                display_name = file.Name,
                file_size = file.Length,
                version = "1",
                available_versions = (string[])["1"],
                latest_version = "1",
            });
            return;
        }

        context.Response.ContentLength = file.Length;
        await context.Response.SendFileAsync(file.FullName);
    }
}

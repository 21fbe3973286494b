using Microsoft.AspNetCore.Http;

namespace Entrypoint.EndToEnd.Web;

/// <summary>Starts with code at a web address, which must leave nothing in their temporary folder.</summary>
public abstract class WebTest : IDisposable
{
    protected static byte[] Package { get; } = Packages.TarGz(400_000, ("job/__main__.py", "print('ran package')\n"), ("job/sub/__main__.py", "print('ran sub')\n"), ("job/sub/one.py", "print('ran one')\n"));

    protected TemporaryFolder Folder { get; } = new();

    protected WebTest() => Directory.CreateDirectory(Folder["tmp"]);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder["tmp"]));
        Folder.Dispose();
    }

    protected static Task Serve(HttpContext context, int number) => context.Request.Path.Value switch
    {
        "/job.tgz" => StubServer.SendAsync(context, Package),
        "/job.zip" => StubServer.SendAsync(context, Packages.Zip(("__main__.py", "print('ran zip')\n"))),
        "/script.py" or "/a/train.py" => StubServer.SendAsync(context, Packages.Script()),
        "/moved" => Redirect(context, "a/train.py"),
        "/circle" => Redirect(context, "/circle"),
        ['/', 's', 't', 'a', 't', 'u', 's', '/', .. var status] => Answer(context, int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)),
        _ => Answer(context, 404),
    };

    protected static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    protected static Task Redirect(HttpContext context, string location)
    {
        context.Response.Headers.Location = location;
        return Answer(context, 302);
    }

    protected Dictionary<string, string?> Environment(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string?> { ["TMPDIR"] = Folder["tmp"], ["ENTRYPOINT_STATE"] = Folder["state"] };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }

    protected Task<RunResult> RunAsync(string address, params (string Name, string Value)[] more) =>
        EntrypointProcess.RunAsync([address], Environment(more));
}

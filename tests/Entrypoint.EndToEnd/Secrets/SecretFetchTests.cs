using System.Collections.Concurrent;
using Entrypoint.EndToEnd.Web;

namespace Entrypoint.EndToEnd.Secrets;

/// <summary>
/// Each fetcher with a known secret in each place of a reference, well formed and malformed, against a server that wants a password and then
/// has nothing: the secret is in no log line, plan, report or argument of any process.
/// </summary>
public sealed class SecretFetchTests : IAsyncLifetime
{
    private readonly string _secret = $"Zq9{Guid.NewGuid():N}wV";
    private readonly TemporaryFolder _folder = new();
    private StubServer? _server;

    public async ValueTask InitializeAsync() => _server = await StubServer.StartAsync((context, _) =>
    {
        context.Response.StatusCode = context.Request.Headers.Authorization.Count > 0 ? 404 : 401;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"test\"";
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string, string> References()
    {
        var data = new TheoryData<string, string>();
        foreach (var (vcs, engine) in new[] { ("git+", "program"), ("git+", "library"), ("hg+", ""), ("svn+", ""), ("bzr+", ""), ("", "") })
        {
            foreach (var place in new[]
            {
                "http://alice:{0}@{1}/r", "http://alice:a%40{0}@{1}/r@v1", "http://alice:${{X}}@{1}/r", "http://alice:p/{0}@{1}/r", "http://alice:p@{0}#@{1}/r",
                "http://{1}/r#token={0}", "\"http://alice:{0}@{1}/r\"",
            })
            {
                data.Add(vcs.Length > 0 && place[0] == '"' ? $"\"{vcs}{place[1..]}" : vcs + place, engine);
            }
        }

        data.Add("http://{0}@{1}/r", "");
        data.Add("http://{1}/job.zip?X-Amz-Signature={0}", "");
        data.Add("git+http://{0}@{1}/r", "program");
        data.Add("git://alice:{0}@{1}/r", "");
        data.Add("s3://AKIA:{0}@bucket/r", "");
        data.Add("alice:{0}@{1}:x/y.git", "");
        data.Add("data/{0}/${{X}}", "");
        return data;
    }

    [Theory]
    [MemberData(nameof(References))]
    public async Task A_secret_is_shown_nowhere(string form, string engine)
    {
        // The environment is no place where others look; the command line is.
        var reference = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, _secret, new Uri(_server!.Address).Authority);
        foreach (var format in new[] { "text", "json" })
        {
            var report = _folder[$"report-{format}.json"];
            var environment = new Dictionary<string, string?>
            {
                ["EXECUTE_CODE"] = reference,
                ["X"] = _secret,
                ["ENTRYPOINT_GIT"] = engine,
                ["ENTRYPOINT_FETCH_TRIES"] = "1",
                ["ENTRYPOINT_STATE"] = _folder["state"],
                ["ENTRYPOINT_LOG_LEVEL"] = "debug",
                ["ENTRYPOINT_LOG_FORMAT"] = format,
                ["HOME"] = _folder[""],
                ["PATH"] = $"/usr/bin:/bin:{Interpreter.SearchPath}",
            };
            using var watch = new ArgumentWatch(_secret);
            var plan = await EntrypointProcess.RunAsync(["--dry-run"], environment);
            var result = await EntrypointProcess.RunAsync(["--report", report], environment);

            Assert.True(result.ExitCode is 65 or 66 or 69 or 77, result.ToString());
            Assert.DoesNotContain(_secret, $"{plan}{result}", StringComparison.OrdinalIgnoreCase);
            Assert.True(!File.Exists(report) || !File.ReadAllText(report).Contains(_secret, StringComparison.OrdinalIgnoreCase));
            Assert.Empty(watch.Seen);
        }
    }

    /// <summary>Looks at the arguments of all processes again and again.</summary>
    private sealed class ArgumentWatch : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _looking;

        public ArgumentWatch(string secret) => _looking = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(folder["/proc/".Length])))
                {
                    if (Arguments(folder) is { } arguments && arguments.Contains(secret, StringComparison.OrdinalIgnoreCase))
                    {
                        Seen.Enqueue(arguments.Replace('\0', ' '));
                    }
                }

                await Task.Delay(1);
            }
        });

        public ConcurrentQueue<string> Seen { get; } = new();

        public void Dispose()
        {
            _stop.Cancel();
            _looking.Wait(TimeSpan.FromSeconds(10));
            _stop.Dispose();
        }

        private static string? Arguments(string folder)
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}

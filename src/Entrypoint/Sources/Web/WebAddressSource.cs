using Entrypoint.Failures;

namespace Entrypoint.Sources.Web;

/// <summary>Code at a web address: a script, or an archive, of which <c>#subdirectory</c> may name a part.</summary>
internal sealed class WebAddressSource(WebAddress reference, FetchContext context) : ICodeSource
{
    private const int LongestName = 100;

    private GetRequest? _request;

    /// <summary>The state that the server does not have any more; it is not asked about it again.</summary>
    private string? _outdated;

    private GetRequest Request => _request ??= NewRequest();

    /// <summary>A query may be a token; what has one is not kept.</summary>
    public string? KeptAs => Request.Address.Query.Length > 1
        ? null
        : $"web+{Request.Address.AbsoluteUri}{(reference.Fragment.Digest is { } digest ? $"#{digest.Algorithm}={digest.Value}" : "")}";

    public async Task<CodeTree> FetchAsync(CancellationToken cancellationToken)
    {
        var request = Request;
        await using var sink = new UnpackSink(request.Display, FileName(request.Address), context.Temporary, cancellationToken);
        context.Log.Information("Downloading {Address}", request.Display);
        var state = await DownloadAsync(request, sink, cancellationToken).ConfigureAwait(false);
        var (path, isArchive) = await sink.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (!isArchive)
        {
            WebContent.RequirePython(path, request.Address, sink.Type, request.Display);
        }

        var code = new FetchedCode(isArchive ? path : Path.GetDirectoryName(path)!, new CodeIdentity(KeptAs ?? "", state ?? "", null)) { Script = isArchive ? null : Path.GetFileName(path) };
        var tree = Select(code);
        return state is null || KeptAs is null ? tree with { Fetched = null } : tree;
    }

    public async Task<CodeIdentity?> ResolveAsync(Func<string, string?> known, CancellationToken cancellationToken)
    {
        if (KeptAs is not { } address || known(address) is not { Length: > 0 } state || state == _outdated)
        {
            return null;
        }

        using var client = Connect();
        try
        {
            using var response = await client.GetAsync(Request with { IfChanged = state }, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == System.Net.HttpStatusCode.NotModified)
            {
                return new CodeIdentity(address, state, null);
            }

            _outdated = state;
            return null;
        }
        catch (ServerUnavailableException exception)
        {
            // Silence is the end; anything else the fetch tries again.
            return exception.Silent ? throw Unavailable(exception) : null;
        }
    }

    public CodeTree Select(FetchedCode code)
    {
        var subdirectory = reference.Fragment.Subdirectory;
        var tree = code.Script is not { } script ? CodeRoot.OfArchive(code.Root, subdirectory, Request.Display)
            : subdirectory is null ? new CodeTree(code.Root, Path.Combine(code.Root, script))
            : throw new EntrypointException(ExitCode.NoInput, $"There is no folder '{subdirectory}' at {Request.Display}, which is a single file and no archive.");
        return tree with { Fetched = code };
    }

    private GetRequest NewRequest()
    {
        var netrc = new Lazy<NetrcFile>(() => NetrcFile.Read(context.Options.Settings.Environment));
        return GetRequest.For(reference.Address.Reveal()) with { Netrc = (host, login, isFirst) => LookUp(netrc.Value, host, login, isFirst) };
    }

    private WebAccess Connect() => new(context.Options.Settings.Environment, context.Options.FetchTimeout, CertificateTrust.System);

    /// <summary>Returns what tells whether it has changed, the next time; null where nothing does.</summary>
    private async Task<string?> DownloadAsync(GetRequest request, UnpackSink sink, CancellationToken cancellationToken)
    {
        using var client = Connect();
        using var progress = context.Progress($"Downloading {request.Display}");
        var asked = new DownloadRequest(request)
        {
            Digest = reference.Fragment.Digest,
            Refusal = (response, _) => Task.FromResult<Exception>(WebStatus.Refusal(response.StatusCode, request.Display)),
        };
        using var download = new Download(client, asked, sink, progress, context.Time);
        try
        {
            await download.RunAsync(new Retries(context.Options.Settings.FetchTries, context.Log, context.Time), cancellationToken).ConfigureAwait(false);
            return download.State;
        }
        catch (ServerUnavailableException exception)
        {
            throw Unavailable(exception);
        }
    }

    private EntrypointException Unavailable(ServerUnavailableException exception) => new(
        ExitCode.Unavailable, $"Cannot download {Request.Display}: {exception.Message} Check the address and the network, or try later.", exception);

    private string? LookUp(NetrcFile netrc, string host, string? login, bool isFirst)
    {
        if (netrc.Find(host, login, orDefault: isFirst) is not { } entry)
        {
            return null;
        }

        context.Secrets.Add(entry.Password);
        return GetRequest.Basic(entry.Login, entry.Password);
    }

    /// <summary>The last name of the address, which is what a script is shown as in its tracebacks.</summary>
    private static string FileName(Uri address)
    {
        var name = string.Concat(Uri.UnescapeDataString(address.Segments[^1].TrimEnd('/'))
            .Where(letter => letter is not '/' && !char.IsControl(letter) && !char.IsSurrogate(letter)));
        name = name.Length > LongestName ? name[^LongestName..] : name;
        return name is "" or "." or ".." ? "download" : name;
    }
}

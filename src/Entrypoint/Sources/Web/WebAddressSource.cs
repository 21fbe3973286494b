using Entrypoint.Failures;

namespace Entrypoint.Sources.Web;

/// <summary>Code at a web address: a script, or an archive, of which <c>#subdirectory</c> may name a part.</summary>
internal sealed class WebAddressSource(WebAddress reference, FetchContext context) : ICodeSource
{
    private const int LongestName = 100;

    public async Task<CodeTree> FetchAsync(CancellationToken cancellationToken)
    {
        var netrc = new Lazy<NetrcFile>(() => NetrcFile.Read(context.Options.Settings.Environment));
        var request = GetRequest.For(reference.Address.Reveal()) with { Netrc = (host, login, isFirst) => LookUp(netrc.Value, host, login, isFirst) };
        await using var sink = new UnpackSink(request.Display, FileName(request.Address), context.Temporary, cancellationToken);
        context.Log.Information("Downloading {Address}", request.Display);
        await DownloadAsync(request, sink, cancellationToken).ConfigureAwait(false);
        var (path, isArchive) = await sink.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (isArchive)
        {
            return CodeRoot.OfArchive(path, reference.Fragment.Subdirectory, request.Display);
        }

        WebContent.RequirePython(path, request.Address, sink.Type, request.Display);
        return reference.Fragment.Subdirectory is { } subdirectory
            ? throw new EntrypointException(ExitCode.NoInput, $"There is no folder '{subdirectory}' at {request.Display}, which is a single file and no archive.")
            : new CodeTree(Path.GetDirectoryName(path)!, path);
    }

    private async Task DownloadAsync(GetRequest request, UnpackSink sink, CancellationToken cancellationToken)
    {
        using var client = new WebAccess(context.Options.Settings.Environment, context.Options.FetchTimeout, CertificateTrust.System);
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
        }
        catch (ServerUnavailableException exception)
        {
            throw new EntrypointException(
                ExitCode.Unavailable, $"Cannot download {request.Display}: {exception.Message} Check the address and the network, or try later.", exception);
        }
    }

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

using Entrypoint.Failures;

namespace Entrypoint.Sources.Web;

/// <summary>Code at a web address: a script, or an archive, of which <c>#subdirectory</c> may name a part.</summary>
internal sealed class WebAddressSource(WebAddress reference, FetchContext context) : ICodeSource
{
    private const int LongestName = 100;

    public async Task<CodeTree> FetchAsync(CancellationToken cancellationToken)
    {
        var request = GetRequest.For(reference.Address.Reveal());
        using var client = new WebAccess(context.Options.Settings.Environment, context.Options.FetchTimeout, CertificateTrust.System);
        var retries = new Retries(context.Options.Settings.FetchTries, context.Log, context.Time);
        await using var sink = new UnpackSink(request.Display, FileName(request.Address), context.Temporary, cancellationToken);
        context.Log.Information("Downloading {Address}", request.Display);
        using (var progress = context.Progress($"Downloading {request.Display}"))
        {
            try
            {
                await new Download(client, retries, progress, context.Time)
                    .RunAsync(request, sink, announced: null, static _ => null, (response, _) => RefusalAsync(response, request), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (ServerUnavailableException exception)
            {
                throw new EntrypointException(
                    ExitCode.Unavailable, $"Cannot download {request.Display}: {exception.Message} Check the address and the network, or try later.", exception);
            }
        }

        var (path, isArchive) = await sink.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (isArchive)
        {
            return CodeRoot.OfArchive(path, reference.Subdirectory, request.Display);
        }

        return reference.Subdirectory is null
            ? new CodeTree(Path.GetDirectoryName(path)!, path)
            : throw new EntrypointException(
                ExitCode.NoInput, $"There is no folder '{reference.Subdirectory}' at {request.Display}, which is a single file and no archive.");
    }

    private static Task<Exception> RefusalAsync(HttpResponseMessage response, GetRequest request) =>
        Task.FromResult<Exception>(WebStatus.Refusal(response.StatusCode, request.Display));

    /// <summary>The last name of the address, which is what a script is shown as in its tracebacks.</summary>
    private static string FileName(Uri address)
    {
        var name = string.Concat(Uri.UnescapeDataString(address.Segments[^1].TrimEnd('/'))
            .Where(letter => letter is not '/' && !char.IsControl(letter) && !char.IsSurrogate(letter)));
        name = name.Length > LongestName ? name[^LongestName..] : name;
        return name is "" or "." or ".." ? "download" : name;
    }
}

using System.Net;
using System.Security.Cryptography;
using Entrypoint.Failures;
using Entrypoint.Output;

namespace Entrypoint.Sources.Web;

/// <summary>
/// One download, to its end: what breaks is tried again, from where it stopped if the server can (a range of what is provably the same
/// state of the file), else from the first byte.
/// </summary>
internal sealed class Download(WebAccess client, DownloadRequest request, IDownloadSink sink, TransferProgress progress, TimeProvider time) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly string _display = request.Get.Display;
    private readonly IncrementalHash? _sent = request.Digest?.Begin();
    private readonly IncrementalHash? _decoded = request.Digest?.Begin();
    private long _received;
    private long? _total;
    private string? _validator;

    /// <summary>What tells, of all that came, whether it has changed (<c>ETag</c>, or a date that can be trusted); null where nothing does.</summary>
    public string? State { get; private set; }

    /// <summary>Fetches all of it.</summary>
    /// <exception cref="ServerUnavailableException">It did not succeed in all the tries.</exception>
    /// <exception cref="EntrypointException">65: it has another digest, or an encoding that cannot be undone.</exception>
    public async Task RunAsync(Retries retries, CancellationToken cancellationToken)
    {
        await retries.RunAsync(
            async stopping =>
            {
                await TryAsync(stopping).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

        // What is meant is the file as it was sent, as pip has it, or as it is without its Content-Encoding, as a browser saves it.
        if (request.Digest is { } digest && !digest.Fits(_sent!) && !digest.Fits(_decoded!))
        {
            throw DigestCheck.Mismatch(digest, _decoded!, _display);
        }
    }

    public void Dispose()
    {
        _sent?.Dispose();
        _decoded?.Dispose();
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        var from = _validator is null ? 0 : _received;
        using var response = await client.GetAsync(request.Get with { From = from, IfRange = _validator }, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && from > 0)
        {
            Forget();
            throw new ServerUnavailableException($"{_display} has changed while it was downloaded.") { Answered = true };
        }

        if (WebStatus.MayPass(response.StatusCode))
        {
            throw WebStatus.Unavailable(response, _display, time);
        }

        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.NonAuthoritativeInformation))
        {
            throw await request.Refusal(response, cancellationToken).ConfigureAwait(false);
        }

        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            CheckRange(response, from);
        }
        else
        {
            Remember(response);
            await sink.BeginAsync(response.Content.Headers.ContentType?.MediaType).ConfigureAwait(false);
        }

        await CopyAsync(response, cancellationToken).ConfigureAwait(false);
        if (_total is { } total && _received != total)
        {
            var received = _received;
            if (received > total)
            {
                Forget();
            }

            throw new ServerUnavailableException($"{_display} sent {received} bytes and not the announced {total}.") { Answered = true };
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var answer = new AnswerStream(body, _display, client.Silence, _sent, cancellationToken);
        var content = await ContentDecoding.OpenAsync(response, answer, _display).ConfigureAwait(false);
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await ReadAsync(content, buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            _received += read;
            if (_received > _total)
            {
                // More than announced: no reason to take it all.
                return;
            }

            _decoded?.AppendData(buffer, 0, read);
            await sink.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            progress.Report(_received, _total);
        }
    }

    private async ValueTask<int> ReadAsync(Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw ContentDecoding.Broken(_display, exception);
        }
    }

    private void Remember(HttpResponseMessage response)
    {
        Forget();
        var isEncoded = ContentDecoding.IsEncoded(response);
        _total = request.Size ?? request.SizeIn(response) ?? (isEncoded ? null : response.Content.Headers.ContentLength);
        _validator = isEncoded ? null : StrongValidator(response);
        State = response.Headers.ETag?.ToString() ?? StrongValidator(response);
    }

    private void Forget()
    {
        (_received, _total, _validator) = (0, null, null);
        _ = _sent?.GetHashAndReset();
        _ = _decoded?.GetHashAndReset();
    }

    /// <summary>A part that does not continue what is here is worth nothing.</summary>
    private void CheckRange(HttpResponseMessage response, long from)
    {
        var range = response.Content.Headers.ContentRange;
        if (from == 0
            || range is not { Unit: "bytes" } || range.From != from
            || (range.Length is { } length && _total is { } total && length != total)
            || StrongValidator(response) != _validator)
        {
            Forget();
            throw new ServerUnavailableException($"{_display} does not go on where it broke off.") { Answered = true };
        }
    }

    /// <summary>
    /// What tells two states of a file apart, if the server says anything that does: an entity tag that is not weak, or a date that is old
    /// enough for a second change in the same second to be ruled out (RFC 9110, 8.8.2.2). Without one, two versions would be mixed.
    /// </summary>
    private static string? StrongValidator(HttpResponseMessage response)
    {
        var isOld = response.Headers.Date - response.Content.Headers.LastModified >= TimeSpan.FromMinutes(1);
        return response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : isOld ? response.Content.Headers.LastModified?.ToString("R") : null;
    }
}

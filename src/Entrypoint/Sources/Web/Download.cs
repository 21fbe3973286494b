using System.Net;
using Entrypoint.Output;

namespace Entrypoint.Sources.Web;

/// <summary>Why an answer was not 200 or 206, in the words of the one who asked.</summary>
internal delegate Task<Exception> RefusalReader(HttpResponseMessage response, CancellationToken cancellationToken);

/// <summary>
/// One download, to its end: what breaks is tried again, from where it stopped if the server can (a range of the same state of the
/// file), else from the first byte.
/// </summary>
internal sealed class Download(WebAccess client, Retries retries, TransferProgress progress, TimeProvider time)
{
    private const int BufferSize = 128 * 1024;

    private long _received;
    private long? _total;
    private string? _state;
    private bool _ranges;

    /// <summary>Fetches all of it.</summary>
    /// <param name="announced">The size that it must have; null where only the answer says.</param>
    /// <param name="sizeOf">The size that an answer announces besides its <c>Content-Length</c>, or null.</param>
    /// <param name="refusal">What to make of an error status that will not pass.</param>
    /// <exception cref="ServerUnavailableException">It did not succeed in all the tries.</exception>
    public Task RunAsync(
        GetRequest request,
        IDownloadSink sink,
        long? announced,
        Func<HttpResponseMessage, long?> sizeOf,
        RefusalReader refusal,
        CancellationToken cancellationToken) =>
        retries.RunAsync(
            async stopping =>
            {
                await TryAsync(request, sink, announced, sizeOf, refusal, stopping).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    private async Task TryAsync(
        GetRequest request,
        IDownloadSink sink,
        long? announced,
        Func<HttpResponseMessage, long?> sizeOf,
        RefusalReader refusal,
        CancellationToken cancellationToken)
    {
        var from = _received > 0 && (_state is not null || (_ranges && _total is not null)) ? _received : 0;
        using var response = await client.GetAsync(request with { From = from, IfRange = _state }, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && from > 0)
        {
            Forget();
            throw new ServerUnavailableException($"{request.Display} has changed while it was downloaded.") { Answered = true };
        }

        if (WebStatus.MayPass(response.StatusCode))
        {
            throw WebStatus.Unavailable(response, request.Display, time);
        }

        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.NonAuthoritativeInformation))
        {
            throw await refusal(response, cancellationToken).ConfigureAwait(false);
        }

        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            CheckRange(response, from, request.Display);
        }
        else
        {
            Remember(response, announced ?? sizeOf(response));
            await sink.BeginAsync().ConfigureAwait(false);
        }

        await CopyAsync(response, request.Display, sink, cancellationToken).ConfigureAwait(false);
        if (_total is { } total && _received != total)
        {
            var received = _received;
            if (received > total)
            {
                Forget();
            }

            throw new ServerUnavailableException($"{request.Display} sent {received} bytes and not the announced {total}.") { Answered = true };
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, string display, IDownloadSink sink, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        using var limit = new SilenceLimit(client.Silence, cancellationToken);
        try
        {
            var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                var read = await content.ReadAsync(buffer, limit.Start()).ConfigureAwait(false);
                limit.Stop();
                if (read == 0)
                {
                    return;
                }

                _received += read;
                if (_received > _total)
                {
                    // More than announced: no reason to take it all.
                    return;
                }

                await sink.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                progress.Report(_received, _total);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested && limit.Passed)
        {
            throw new ServerUnavailableException($"{display} sent nothing for {client.Silence.TotalSeconds:0.#} s after {_received} bytes.", exception) { Silent = true };
        }
        catch (HttpIOException exception)
        {
            throw Broken(display, exception);
        }
        catch (IOException exception) when (exception.InnerException is System.Net.Sockets.SocketException)
        {
            throw Broken(display, exception);
        }
    }

    private ServerUnavailableException Broken(string display, Exception exception) =>
        new($"The download of {display} broke off after {_received}{(_total is { } total ? $" of {total}" : "")} bytes.", exception);

    private void Remember(HttpResponseMessage response, long? announced)
    {
        Forget();
        _total = announced ?? response.Content.Headers.ContentLength;
        _state = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R");
        _ranges = response.Headers.AcceptRanges.Contains("bytes");
    }

    private void Forget() => (_received, _total, _state, _ranges) = (0, null, null, false);

    /// <summary>A part that does not continue what is here is worth nothing.</summary>
    private void CheckRange(HttpResponseMessage response, long from, string display)
    {
        var range = response.Content.Headers.ContentRange;
        var tag = response.Headers.ETag;
        if (from == 0
            || range is not { Unit: "bytes" } || range.From != from
            || (range.Length is { } length && _total is { } total && length != total)
            || (tag is { IsWeak: false } && _state is ['"', ..] && tag.Tag != _state))
        {
            Forget();
            throw new ServerUnavailableException($"{display} does not go on where it broke off.") { Answered = true };
        }
    }
}

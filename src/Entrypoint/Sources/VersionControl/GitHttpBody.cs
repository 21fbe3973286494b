using Entrypoint.Sources.Web;

namespace Entrypoint.Sources.VersionControl;

/// <summary>The body of an answer, read by a caller that blocks, within the limit on silence.</summary>
internal sealed class GitHttpBody(HttpResponseMessage response, TimeSpan silence, LibraryActivity activity) : ForwardStream
{
    private Stream? _content;

    /// <summary>Called with why it broke off.</summary>
    public Action<FetchFailureException>? OnFailure { get; init; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        using var limit = new SilenceLimit(silence, activity.Stopping);
        try
        {
            _content ??= response.Content.ReadAsStream(activity.Stopping);
            var read = _content.ReadAsync(buffer.AsMemory(offset, count), limit.Start()).AsTask().GetAwaiter().GetResult();
            activity.Mark();
            return read;
        }
        catch (OperationCanceledException) when (limit.Passed)
        {
            throw Failed(FailureKind.Silent, Silence.Words(silence));
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw Failed(FailureKind.Network, $"the answer broke off: {exception.Message.TrimEnd('.')}");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }

    private FetchFailureException Failed(FailureKind kind, string words)
    {
        var failure = new FetchFailureException(kind, words);
        OnFailure?.Invoke(failure);
        return failure;
    }
}

namespace Entrypoint.Sources.Web;

/// <summary>Why an answer was not 200 or 206, in the words of the one who asked.</summary>
internal delegate Task<Exception> RefusalReader(HttpResponseMessage response, CancellationToken cancellationToken);

/// <summary>What is downloaded, and what is known of it before.</summary>
/// <param name="Get">How it is asked for.</param>
internal sealed record DownloadRequest(GetRequest Get)
{
    /// <summary>The size that it must have, in bytes; null where only the answer says.</summary>
    public long? Size { get; init; }

    /// <summary>The digest that it must have; null for none.</summary>
    public FileDigest? Digest { get; init; }

    /// <summary>The size that an answer announces besides its <c>Content-Length</c>, or null.</summary>
    public Func<HttpResponseMessage, long?> SizeIn { get; init; } = static _ => null;

    /// <summary>What to make of an error status that will not pass.</summary>
    public required RefusalReader Refusal { get; init; }
}

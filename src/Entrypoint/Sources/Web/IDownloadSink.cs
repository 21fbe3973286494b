namespace Entrypoint.Sources.Web;

/// <summary>Takes the bytes of a download.</summary>
internal interface IDownloadSink
{
    /// <summary>The first byte comes next: at the start, and again where a broken download cannot go on and begins anew.</summary>
    /// <param name="type">The media type that the server gives the file; null where it gives none.</param>
    Task BeginAsync(string? type);

    /// <summary>Takes the next bytes.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}

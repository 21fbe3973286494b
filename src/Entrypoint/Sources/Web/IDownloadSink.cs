namespace Entrypoint.Sources.Web;

/// <summary>Takes the bytes of a download.</summary>
internal interface IDownloadSink
{
    /// <summary>The first byte comes next: at the start, and again where a broken download cannot go on and begins anew.</summary>
    Task BeginAsync();

    /// <summary>Takes the next bytes.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}

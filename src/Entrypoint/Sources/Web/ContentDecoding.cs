using System.IO.Compression;
using Entrypoint.Failures;
using Entrypoint.Sources.Archives;

namespace Entrypoint.Sources.Web;

/// <summary>
/// Takes the <c>Content-Encoding</c> away that some servers give a file though nobody asked for it: files that they store compressed, and
/// archives whose own compression they take for one.
/// </summary>
internal static class ContentDecoding
{
    /// <summary>Whether an answer is encoded, and cannot be continued at a byte of the file.</summary>
    public static bool IsEncoded(HttpResponseMessage response) => Names(response).Any();

    /// <summary>The body, decoded where it is encoded.</summary>
    /// <exception cref="EntrypointException">65: an encoding that is not known here.</exception>
    public static async Task<Stream> OpenAsync(HttpResponseMessage response, AnswerStream body, string display)
    {
        Stream decoded = body;
        foreach (var name in Names(response).Reverse())
        {
            // Only the outermost can be looked into; a server that encodes twice is believed.
            var head = ReferenceEquals(decoded, body) ? await body.PeekAsync(2).ConfigureAwait(false) : default;
            DecompressedStream.BeStrict();
            decoded = name switch
            {
                "gzip" or "x-gzip" => IsNot(head, 0x1F) ? decoded : new GZipStream(decoded, CompressionMode.Decompress, leaveOpen: true),
                "deflate" => IsNot(head, 0x78) ? new DeflateStream(decoded, CompressionMode.Decompress, leaveOpen: true) : new ZLibStream(decoded, CompressionMode.Decompress, leaveOpen: true),
                _ => throw new EntrypointException(
                    ExitCode.DataError, $"{display} came with the Content-Encoding '{EntryName.Show(name)}', which nobody asked for and which is not decoded here: have the server send the file as it is."),
            };
        }

        return decoded;
    }

    /// <summary>The failure of a body that is not what its encoding says.</summary>
    public static EntrypointException Broken(string display, InvalidDataException exception) => new(
        ExitCode.DataError, $"{display} is broken: its Content-Encoding does not fit what was sent ({exception.Message.TrimEnd('.')}).", exception);

    private static bool IsNot(ReadOnlyMemory<byte> head, byte first) => head.Length > 0 && head.Span[0] != first;

    private static IEnumerable<string> Names(HttpResponseMessage response) =>
        response.Content.Headers.ContentEncoding.Select(name => name.ToLowerInvariant()).Where(name => name is not ("identity" or ""));
}

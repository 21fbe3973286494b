using System.IO.Compression;
using Entrypoint.Failures;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;

namespace Entrypoint.Sources.Archives;

/// <summary>
/// What is in a compressed stream. Whatever way a decompressor has of saying that its input is broken, here it is always
/// <see cref="InvalidDataException"/>; what the inner stream throws passes through.
/// </summary>
/// <remarks>
/// gzip is .NET's (zlib-ng). bzip2 and xz are SharpCompress's: .NET has neither. Against SharpZipLib, which has bzip2 alone, it costs
/// 0.4 MB of executable, nearly all of it for xz, reads the files of several streams that pbzip2 writes, and checks xz's checksums; it
/// needs no liblzma on the machine and runs at some 0.6 of its speed.
/// </remarks>
internal sealed class DecompressedStream : ForwardStream
{
    private readonly SourceStream _source;
    private readonly ArchiveFormat _format;
    private Stream _decompressor;

    static DecompressedStream() => BeStrict();

    public DecompressedStream(Stream source, ArchiveFormat format)
    {
        _source = new SourceStream(source);
        _format = format;
        _decompressor = Guarded(this, static self => self.Open());
    }

    /// <summary>Called before the first use of .NET's decompressors, for which a stream that ends too early is otherwise complete.</summary>
    public static void BeStrict() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    public override int Read(byte[] buffer, int offset, int count) => Guarded((Self: this, buffer, offset, count), static call =>
    {
        var read = call.Self._decompressor.Read(call.buffer, call.offset, call.count);
        while (read == 0 && call.count > 0 && call.Self.MoveToNextStream())
        {
            read = call.Self._decompressor.Read(call.buffer, call.offset, call.count);
        }

        return read;
    });

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decompressor.Dispose();
        }

        base.Dispose(disposing);
    }

    private Stream Open() => _format switch
    {
        ArchiveFormat.Gzip => new GZipStream(_source, CompressionMode.Decompress, leaveOpen: true),
        ArchiveFormat.Bzip2 => BZip2Stream.Create(_source, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: true, leaveOpen: true),
        ArchiveFormat.Xz => new XZStream(_source),
        _ => throw new ArgumentOutOfRangeException(_format.ToString()),
    };

    /// <summary>An xz file may be several streams, one after another; its reader knows but one.</summary>
    private bool MoveToNextStream()
    {
        if (_format != ArchiveFormat.Xz || !_source.HasMore())
        {
            return false;
        }

        _decompressor = Open();
        return true;
    }

    private static TResult Guarded<TArgument, TResult>(TArgument argument, Func<TArgument, TResult> call)
    {
        try
        {
            return call(argument);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("it ends too early", exception);
        }
        catch (Exception exception) when (IsBrokenInput(exception))
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    /// <summary>
    /// Whether a decompressor's exception says that its input is broken, or announces more than there is memory for: each has its own ways,
    /// and the failures of files and of the run are none of them.
    /// </summary>
    public static bool IsBrokenInput(Exception exception) =>
        exception is not (InvalidDataException or IOException or UnauthorizedAccessException or OperationCanceledException or EntrypointException);
}

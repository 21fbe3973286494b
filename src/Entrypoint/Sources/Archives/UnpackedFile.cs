using Entrypoint.Linux;

namespace Entrypoint.Sources.Archives;

/// <summary>A file of an archive while it is written.</summary>
internal readonly struct UnpackedFile(int descriptor, UnpackFolder folder, string name) : IDisposable
{
    /// <summary>Writes all of the bytes behind those before.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Check(FileCalls.Write(descriptor, bytes))..];
        }
    }

    /// <summary>Writes all of the bytes at a position.</summary>
    public void WriteAt(long position, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Check(FileCalls.WriteAt(descriptor, bytes, position));
            bytes = bytes[written..];
            position += written;
        }
    }

    /// <summary>Sets the size; what has not been written is a hole.</summary>
    public void SetLength(long length) => _ = Check(new CallResult<int>(0, FileCalls.SetSize(descriptor, length)));

    /// <summary>Sets the time of the last change, where the archive names one.</summary>
    public void Complete(DateTimeOffset? time)
    {
        // A time that the file system cannot hold is left out.
        if (time is { } changed && FileCalls.SetTime(descriptor, changed) is var error and not Errno.EINVAL)
        {
            _ = Check(new CallResult<int>(0, error));
        }
    }

    public void Dispose() => _ = FileCalls.Close(descriptor);

    /// <summary>How many bytes were written: none where a signal came first.</summary>
    private int Check(CallResult<int> result) =>
        result.Succeeded ? result.Value : result.Error == Errno.EINTR ? 0 : throw folder.Failure(name, result.Error);
}

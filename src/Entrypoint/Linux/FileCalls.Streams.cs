namespace Entrypoint.Linux;

/// <summary>The calls that write to a stream without waiting for whoever reads it.</summary>
internal static unsafe partial class FileCalls
{
    private const int OpenAppend = 0x400;
    private const int OpenTruncate = 0x200;
    private const int DoNotWait = 0x40;

    /// <summary>What an open descriptor is.</summary>
    public static CallResult<FileStatus> Status(int descriptor) => Status(descriptor, "", OfDescriptor);

    /// <summary>
    /// Opens the pipe or the terminal behind a descriptor once more, so that writes to it do not wait. Those of others, who share the
    /// descriptor's open file, go on waiting as they like.
    /// </summary>
    public static CallResult<int> OpenTwin(int descriptor) =>
        Open(CurrentFolder, $"/proc/self/fd/{descriptor}", OpenWriteOnly | OpenWithoutWaiting | OpenNoControllingTerminal, 0);

    /// <summary>
    /// Opens a file to write to it where it is: what was in it is gone, unless it is appended to. Does not wait for the reader of a pipe
    /// (<see cref="Errno.ENXIO"/>: it has none).
    /// </summary>
    public static CallResult<int> OpenInPlace(string path, bool append) => Open(
        CurrentFolder, path, OpenWriteOnly | OpenCreate | OpenWithoutWaiting | OpenNoControllingTerminal | (append ? OpenAppend : OpenTruncate), UsualFileMode);

    /// <summary>Sends as much as a socket takes at once.</summary>
    public static CallResult<int> Send(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return CallResult.Of(Send(socket, start, bytes.Length, DoNotWait | WithoutSignal));
        }
    }

    /// <summary>Waits so long for a descriptor to take bytes; true also where writing to it would fail.</summary>
    public static bool WaitUntilWritable(int descriptor, TimeSpan limit)
    {
        var poll = new PollDescriptor { Descriptor = descriptor, Events = PollOut };
        return Poll(&poll, 1, (int)limit.TotalMilliseconds) > 0;
    }
}

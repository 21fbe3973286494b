using Entrypoint.Linux;

namespace Entrypoint.Output;

/// <summary>
/// A standard stream as one that never waits for its reader. Its open file is shared with the job and with whoever started this program,
/// so it is not made non-blocking: a pipe or a terminal is opened a second time, a socket is asked not to wait in each call.
/// </summary>
internal sealed class Outlet
{
    private readonly int _descriptor;
    private readonly int _twin;
    private readonly bool _isSocket;

    private Outlet(int descriptor, int twin, FileKind kind, bool neverWaits) =>
        (_descriptor, _twin, _isSocket, CanStall, NeverWaits) = (descriptor, twin, kind is FileKind.Socket, kind is not FileKind.File, neverWaits);

    /// <summary>Whether it may be that nothing is taken for a while: of a file, no.</summary>
    public bool CanStall { get; }

    /// <summary>
    /// Whether <see cref="Write"/> never waits. It may where a pipe cannot be opened a second time: it is another user's, or there is no
    /// <c>/proc</c>.
    /// </summary>
    public bool NeverWaits { get; }

    /// <summary>How many bytes its reader has not taken yet, where that can be told.</summary>
    public int Unread => FileCalls.UnreadBytes(_descriptor);

    public static Outlet Of(int descriptor)
    {
        var kind = FileCalls.Status(descriptor) is { Succeeded: true } status ? status.Value.Kind : FileKind.Pipe;
        if (kind is FileKind.File or FileKind.Socket)
        {
            return new Outlet(descriptor, descriptor, kind, neverWaits: true);
        }

        var twin = FileCalls.OpenTwin(descriptor);
        return new Outlet(descriptor, twin.Succeeded ? twin.Value : descriptor, kind, twin.Succeeded);
    }

    /// <summary>Writes what it takes. <see cref="Errno.EAGAIN"/>: nothing now; any other: nothing any more.</summary>
    public CallResult<int> Write(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var written = _isSocket ? FileCalls.Send(_descriptor, bytes) : FileCalls.Write(_twin, bytes);
            if (written.Error != Errno.EINTR)
            {
                return written;
            }
        }
    }

    /// <summary>Waits so long until it takes something.</summary>
    public bool WaitUntilWritable(TimeSpan limit) => FileCalls.WaitUntilWritable(_twin, limit);
}

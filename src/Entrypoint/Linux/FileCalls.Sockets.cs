using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>What a child is told through, and what it inherits.</summary>
internal static unsafe partial class FileCalls
{
    private const int LocalSocket = 1;
    private const int StreamCloseOnExecute = 1 | OpenCloseOnExecute;
    private const int Writing = 1;
    private const int SetDescriptorFlags = 2;
    private const int DuplicateCloseOnExecute = 1030;
    private const int WithoutSignal = 0x4000;

    /// <summary>Two connected sockets, which no child inherits.</summary>
    public static CallResult<(int Ours, int Theirs)> SocketPair()
    {
        var ends = stackalloc int[2];
        var error = CallResult.ErrorOf(SocketPair(LocalSocket, StreamCloseOnExecute, 0, ends));
        return new CallResult<(int, int)>((ends[0], ends[1]), error);
    }

    /// <summary>Sends all of it, and ends what the other side reads. That it is gone, it shows by saying nothing.</summary>
    public static void SendLast(int socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                var sent = CallResult.Of(Send(socket, start, bytes.Length, WithoutSignal));
                if (sent.Succeeded)
                {
                    bytes = bytes[sent.Value..];
                }
                else if (sent.Error != Errno.EINTR)
                {
                    return;
                }
            }
        }

        _ = ShutDown(socket, Writing);
    }

    /// <summary>Whether children inherit the descriptor.</summary>
    public static void LetInherit(int descriptor, bool inherit) => _ = FileControl(descriptor, SetDescriptorFlags, inherit ? 0 : 1);

    /// <summary>The same open file under another number, which no child inherits; -1 where there is no number left.</summary>
    public static int DuplicateForUs(int descriptor) => FileControl(descriptor, DuplicateCloseOnExecute, 3);

    [LibraryImport(CallResult.Library, EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int domain, int type, int protocol, int* ends);

    [LibraryImport(CallResult.Library, EntryPoint = "shutdown", SetLastError = true)]
    private static partial int ShutDown(int socket, int how);

    [LibraryImport(CallResult.Library, EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte* buffer, nint count, int flags);
}

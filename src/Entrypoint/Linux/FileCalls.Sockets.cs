using System.Runtime.InteropServices;

namespace Entrypoint.Linux;

/// <summary>What a child is told through, and what it inherits.</summary>
internal static unsafe partial class FileCalls
{
    private const int LocalSocket = 1;
    private const int StreamCloseOnExecute = 1 | OpenCloseOnExecute;
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

    /// <summary>Writes all of it.</summary>
    public static Errno WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Write(descriptor, bytes);
            if (written.Succeeded)
            {
                bytes = bytes[written.Value..];
            }
            else if (written.Error != Errno.EINTR)
            {
                return written.Error;
            }
        }

        return Errno.None;
    }

    /// <summary>Whether children inherit the descriptor.</summary>
    public static Errno LetInherit(int descriptor, bool inherit) => CallResult.ErrorOf(FileControl(descriptor, SetDescriptorFlags, inherit ? 0 : 1));

    /// <summary>The same open file under another number, which no child inherits; -1 where there is no number left.</summary>
    public static int DuplicateForUs(int descriptor) => FileControl(descriptor, DuplicateCloseOnExecute, 3);

    [LibraryImport(CallResult.Library, EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int domain, int type, int protocol, int* ends);

    [LibraryImport(CallResult.Library, EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte* buffer, nint count, int flags);
}

using Entrypoint.Linux;

namespace Entrypoint.Output;

/// <summary>
/// Writes bytes to a file descriptor. <see cref="Console"/> is not used anywhere: on a terminal it installs a SIGCHLD handler that reaps
/// children that are not its own, and writes escape codes.
/// </summary>
internal static class RawOutput
{
    public const int StandardOutput = 1;
    public const int StandardError = 2;

    /// <summary>Writes all of it; false where that is not possible (closed, full, or its reader gone).</summary>
    public static bool TryWrite(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = FileCalls.Write(descriptor, bytes);
            if (written.Succeeded)
            {
                bytes = bytes[written.Value..];
            }
            else if (written.Error != Errno.EINTR && !(written.Error == Errno.EAGAIN && FileCalls.WaitUntilWritable(descriptor)))
            {
                return false;
            }
        }

        return true;
    }
}

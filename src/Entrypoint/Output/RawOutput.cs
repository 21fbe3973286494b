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
    public static unsafe bool TryWrite(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes)
            {
                written = Native.Write(descriptor, start, bytes.Length);
            }

            if (written < 0)
            {
                if (Native.LastError is Native.EINTR)
                {
                    continue;
                }

                if (Native.LastError is Native.EAGAIN && Native.WaitUntilWritable(descriptor))
                {
                    continue;
                }

                return false;
            }

            bytes = bytes[(int)written..];
        }

        return true;
    }
}

using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>A thread that does one thing for as long as that takes, in the background and with a small stack.</summary>
internal static class WorkThread
{
    private const int StackSize = 256 * 1024;

    /// <summary>Starts it.</summary>
    /// <exception cref="EntrypointException">69: no further thread can be made.</exception>
    public static void Start(string name, Action work)
    {
        try
        {
            new Thread(() => work(), StackSize) { IsBackground = true, Name = name }.Start();
        }
        catch (OutOfMemoryException)
        {
            throw new EntrypointException(
                ExitCode.Unavailable,
                $"Cannot start a thread: {Errno.EAGAIN.Describe()}. Raise the limit on processes (--pids-limit, ulimit -u).");
        }
    }
}

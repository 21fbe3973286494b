using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// Standard streams that the caller closed are given <c>/dev/null</c> for as long as this program runs, so that no file of ours lands on
/// their numbers; children find them closed again.
/// </summary>
internal static class StandardStreams
{
    private const int GetFlags = 1;

    public static void Secure()
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (Native.FileControl(descriptor, GetFlags, 0) >= 0)
            {
                continue;
            }

            var opened = Native.Open("/dev/null", Native.OpenReadWrite | Native.OpenCloseOnExec);
            if (opened >= 0 && opened != descriptor)
            {
                _ = Native.Duplicate(opened, descriptor, Native.OpenCloseOnExec);
                _ = Native.Close(opened);
            }
        }
    }
}

using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// Standard streams that the caller closed are given <c>/dev/null</c> for as long as this program runs, so that no file of ours lands on
/// their numbers; children find them closed again.
/// </summary>
internal static class StandardStreams
{
    public static void Secure()
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (FileCalls.IsOpen(descriptor))
            {
                continue;
            }

            var opened = FileCalls.OpenDevice("/dev/null");
            if (opened.Succeeded && opened.Value != descriptor)
            {
                _ = FileCalls.Duplicate(opened.Value, descriptor);
                _ = FileCalls.Close(opened.Value);
            }
        }
    }
}

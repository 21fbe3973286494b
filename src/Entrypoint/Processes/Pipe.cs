using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>A pipe between this program and a child; neither end is inherited by any other.</summary>
internal sealed class Pipe
{
    public unsafe Pipe()
    {
        var ends = stackalloc int[2];
        if (Native.Pipe(ends, Native.OpenCloseOnExec) != 0)
        {
            throw new EntrypointException(ExitCode.InputOutput, $"Cannot make a pipe: {Native.Describe(Native.LastError)}.");
        }

        (ReadEnd, WriteEnd) = (ends[0], ends[1]);
    }

    public int ReadEnd { get; }

    public int WriteEnd { get; }

    public void CloseReadEnd() => _ = Native.Close(ReadEnd);

    public void CloseWriteEnd() => _ = Native.Close(WriteEnd);
}

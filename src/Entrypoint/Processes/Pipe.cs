using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>A pipe between this program and a child; neither end is inherited by any other.</summary>
internal sealed class Pipe
{
    public Pipe()
    {
        var ends = FileCalls.Pipe();
        if (!ends.Succeeded)
        {
            throw new EntrypointException(ExitCode.InputOutput, $"Cannot make a pipe: {ends.Error.Describe()}.");
        }

        (ReadEnd, WriteEnd) = ends.Value;
    }

    public int ReadEnd { get; }

    public int WriteEnd { get; }

    public void CloseReadEnd() => _ = FileCalls.Close(ReadEnd);

    public void CloseWriteEnd() => _ = FileCalls.Close(WriteEnd);
}

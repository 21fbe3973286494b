using System.Text;
using Entrypoint.Linux;

namespace Entrypoint.Reporting;

/// <summary>
/// Why a run failed, where Kubernetes looks for it (https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/):
/// <c>kubectl describe pod</c> shows it. A message that the job itself has written stays.
/// </summary>
internal static class TerminationMessage
{
    /// <summary>Where Kubernetes puts the file into a container.</summary>
    public const string File = "/dev/termination-log";

    /// <summary>Kubernetes cuts off what is longer (bytes).</summary>
    private const int MaximalLength = 4096;

    /// <summary>Writes one line, where the file is there and still empty. Nothing happens where that is not possible.</summary>
    /// <param name="message">Without secrets.</param>
    public static void Write(string file, string message)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: 0 } && FileCalls.IsRegularFile(file))
            {
                System.IO.File.WriteAllBytes(file, Line(message));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The log has the message too.
            return;
        }
    }

    private static byte[] Line(string message)
    {
        var text = OsText.ToUnicode(message).ReplaceLineEndings(" ");
        while (Encoding.UTF8.GetByteCount(text) >= MaximalLength)
        {
            text = text[..^1];
        }

        return Encoding.UTF8.GetBytes(text + "\n");
    }
}

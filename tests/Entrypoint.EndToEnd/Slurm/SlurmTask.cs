using System.Globalization;

namespace Entrypoint.EndToEnd.Slurm;

/// <summary>What Slurm knows of a job, or of one task of an array.</summary>
/// <param name="Index">The task's number in the array; 0 for a job that is none.</param>
/// <param name="State">PENDING, RUNNING, COMPLETED, FAILED, CANCELLED …</param>
/// <param name="ExitCode">The exit code, and after the colon the signal that ended it: <c>3:0</c>.</param>
public sealed record SlurmTask(int Index, string State, string ExitCode)
{
    private static readonly string[] Unfinished = ["PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED"];

    /// <summary>Whether nothing more can happen to it.</summary>
    public bool HasEnded => !Unfinished.Contains(State);

    /// <summary>Reads what <c>scontrol show job --oneliner</c> prints: a line a task.</summary>
    public static IReadOnlyList<SlurmTask> ParseAll(string text) =>
        [.. text.Split('\n').Where(line => line.Contains("JobState=", StringComparison.Ordinal)).Select(Parse)];

    private static SlurmTask Parse(string line)
    {
        string? Field(string name) =>
            line.Split(' ').FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

        // A pending array is one line, and its tasks are a range.
        var index = int.TryParse(Field("ArrayTaskId"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new SlurmTask(index, Field("JobState")!, Field("ExitCode")!);
    }
}

using System.Globalization;
using Entrypoint.Linux;
using Entrypoint.Processes;

namespace Entrypoint.Store;

/// <summary>
/// Ends processes that a preparation has left running: those of a start that was killed, and the children of a conda that ended without
/// them. Else they would go on writing into what is being removed or made anew.
/// </summary>
internal static class AbandonedProcesses
{
    /// <summary>How long a killed process may take to vanish.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Kills all processes whose environment has the variable with that value, and waits until they are gone.</summary>
    public static async Task EndAsync(string variable, string value, TimeProvider time)
    {
        var entry = OsText.Encode($"{variable}={value}\0");
        var start = time.GetTimestamp();
        while (Find(entry) is { Count: > 0 } processes && time.GetElapsedTime(start) < Limit)
        {
            processes.ForEach(process => _ = SignalCalls.Send(process, Signals.Kill));
            await Task.Delay(Poll, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static List<int> Find(ReadOnlySpan<byte> entry)
    {
        var found = new List<int>();
        foreach (var folder in OsFile.IsFolder("/proc") ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && process != Environment.ProcessId
                && EnvironmentOf(folder) is { } environment
                && environment.AsSpan().IndexOf(entry) >= 0)
            {
                found.Add(process);
            }
        }

        return found;
    }

    /// <summary>Null where it has ended, or is another user's.</summary>
    private static byte[]? EnvironmentOf(string folder)
    {
        try
        {
            return OsFile.ReadAllBytes(Path.Combine(folder, "environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

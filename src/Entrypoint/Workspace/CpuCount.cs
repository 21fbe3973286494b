using Entrypoint.Linux;

namespace Entrypoint.Workspace;

/// <summary>
/// How many CPUs this container may use: those that the scheduler may put it on, and no more than its control groups' quota gives.
/// <see cref="Environment.ProcessorCount"/> will not do: <c>DOTNET_PROCESSOR_COUNT</c>, which may be meant for the job, overrides it, and
/// it looks at one of the two hierarchies of a hybrid system only.
/// </summary>
internal static class CpuCount
{
    /// <summary>Counts them; at least 1.</summary>
    public static int Available() =>
        Limit(
            ProcessCalls.Affinity() ?? Environment.ProcessorCount,
            CpuQuota.Read(ReadFile("/proc/self/cgroup") ?? "", ReadFile("/proc/self/mountinfo") ?? "", ReadFile));

    /// <summary>So many CPUs under a quota (null for none). A part of a CPU counts as one, as it did in <c>docker-entrypoint.py</c>.</summary>
    public static int Limit(int cpus, double? quota) =>
        Math.Max(1, quota is { } limit && limit < cpus ? (int)Math.Ceiling(limit) : cpus);

    private static string? ReadFile(string path)
    {
        try
        {
            return OsFile.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

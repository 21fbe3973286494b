using System.Globalization;

namespace Entrypoint.Workspace;

/// <summary>
/// The CPU time that control groups allow, in CPUs: the smallest quota on the way from a process's own group up to the mount point, in
/// version 2 (<c>cpu.max</c>), in version 1 (<c>cpu.cfs_quota_us</c>), and in both where a hybrid system has both.
/// See <see href="https://man7.org/linux/man-pages/man7/cgroups.7.html">cgroups(7)</see>.
/// </summary>
internal static class CpuQuota
{
    private const string Controller = "cpu";

    /// <summary>Reads the quota; null where there is none.</summary>
    /// <param name="groups">The text of <c>/proc/self/cgroup</c>.</param>
    /// <param name="mounts">The text of <c>/proc/self/mountinfo</c>.</param>
    /// <param name="readFile">The text of a file; null where it cannot be read.</param>
    public static double? Read(string groups, string mounts, Func<string, string?> readFile)
    {
        double? least = null;
        foreach (var mount in mounts.Split('\n').Select(CgroupMount.Parse).OfType<CgroupMount>())
        {
            var path = mount.IsVersion2 ? GroupPath(groups, "") : mount.Has(Controller) ? GroupPath(groups, Controller) : null;
            foreach (var folder in path is null ? [] : mount.FoldersUpFrom(path))
            {
                if ((mount.IsVersion2 ? QuotaOfVersion2(folder, readFile) : QuotaOfVersion1(folder, readFile)) is { } quota)
                {
                    least = Math.Min(least ?? quota, quota);
                }
            }
        }

        return least;
    }

    /// <summary>The path in a line such as <c>4:cpu,cpuacct:/docker/1f…</c>, or <c>0::/…</c> for version 2 (no controllers).</summary>
    private static string? GroupPath(string groups, string controller) =>
        groups.Split('\n').Select(line => line.Split(':', 3))
            .FirstOrDefault(parts => parts.Length == 3 && parts[1].Split(',').Contains(controller) && (controller.Length > 0 || parts[0] == "0"))?[2];

    private static double? QuotaOfVersion2(string folder, Func<string, string?> readFile) =>
        readFile($"{folder}/cpu.max")?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var quota, var period, ..]
            ? Divide(quota, period)
            : null;

    private static double? QuotaOfVersion1(string folder, Func<string, string?> readFile) =>
        readFile($"{folder}/cpu.cfs_quota_us") is { } quota && readFile($"{folder}/cpu.cfs_period_us") is { } period
            ? Divide(quota.Trim(), period.Trim())
            : null;

    /// <summary>"max" and -1 stand for no quota.</summary>
    private static double? Divide(string quota, string period) =>
        long.TryParse(quota, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time) && time > 0
        && long.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0
            ? (double)time / length
            : null;
}

using Entrypoint.Workspace;

namespace Entrypoint.Tests.Workspace;

public sealed class CpuQuotaTests
{
    private const string UnifiedMount = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
    private const string CpuMount = "33 32 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n";
    private const string MemoryMount = "34 32 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";

    [Theory]
    [InlineData("150000 100000\n", 1.5)]
    [InlineData("50000 100000\n", 0.5)]
    public void Is_read_from_the_unified_hierarchy(string text, double expected) =>
        Assert.Equal(expected, Read("0::/\n", UnifiedMount, ("/sys/fs/cgroup/cpu.max", text)));

    [Fact]
    public void Is_read_from_the_first_version() =>
        Assert.Equal(
            2,
            Read(
                "5:memory:/\n4:cpu,cpuacct:/\n",
                MemoryMount + CpuMount,
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000\n"),
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")));

    [Theory]
    [InlineData("max 100000\n")]
    [InlineData("max")]
    [InlineData("")]
    [InlineData("100000 0\n")]
    [InlineData("nonsense here")]
    public void Is_none_without_a_number(string text) =>
        Assert.Null(Read("0::/\n", UnifiedMount, ("/sys/fs/cgroup/cpu.max", text)));

    [Fact]
    public void Is_none_where_the_first_version_says_minus_one() =>
        Assert.Null(
            Read(
                "4:cpu,cpuacct:/\n",
                CpuMount,
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n"),
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")));

    [Fact]
    public void Is_the_smallest_on_the_way_up() =>
        Assert.Equal(
            1,
            Read(
                "0::/pods/one/job\n",
                UnifiedMount,
                ("/sys/fs/cgroup/pods/one/job/cpu.max", "max 100000"),
                ("/sys/fs/cgroup/pods/one/cpu.max", "100000 100000"),
                ("/sys/fs/cgroup/pods/cpu.max", "400000 100000")));

    [Fact]
    public void Counts_from_the_group_that_is_mounted() =>
        Assert.Equal(
            3,
            Read(
                "4:cpu:/docker/abc/inner\n",
                "33 32 0:30 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n",
                ("/sys/fs/cgroup/cpu/inner/cpu.cfs_quota_us", "300000"),
                ("/sys/fs/cgroup/cpu/inner/cpu.cfs_period_us", "100000")));

    [Theory]
    [InlineData("/kubepods/pod1/abc", "/kubepods/pod2")]
    [InlineData("/../../elsewhere", "/")]
    [InlineData("/docker/abcdef", "/docker/abc")]
    public void Falls_back_to_the_mount_point_for_a_group_that_it_does_not_show(string group, string root) =>
        Assert.Equal(
            2,
            Read($"0::{group}\n", $"30 23 0:26 {root} /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", ("/sys/fs/cgroup/cpu.max", "200000 100000")));

    [Fact]
    public void Is_the_smaller_of_both_on_a_hybrid_system()
    {
        const string groups = "4:cpu,cpuacct:/\n0::/\n";
        const string mounts = CpuMount + "36 32 0:33 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

        Assert.Equal(
            1,
            Read(
                groups,
                mounts,
                ("/sys/fs/cgroup/unified/cpu.max", "400000 100000"),
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "100000"),
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000")));
        Assert.Equal(
            4,
            Read(groups, mounts, ("/sys/fs/cgroup/unified/cpu.max", "400000 100000")));
    }

    [Fact]
    public void Does_not_take_another_controller_for_the_cpu() =>
        Assert.Null(
            Read(
                "5:cpuset:/\n4:cpuacct:/\n",
                "33 32 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n",
                ("/sys/fs/cgroup/cpuset/cpu.cfs_quota_us", "100000"),
                ("/sys/fs/cgroup/cpuset/cpu.cfs_period_us", "100000")));

    [Fact]
    public void Is_found_where_the_mount_point_has_spaces() =>
        Assert.Equal(
            1,
            Read(
                "0::/\n",
                @"30 23 0:26 / /mnt/my\040groups rw shared:4 master:1 - cgroup2 cgroup2 rw" + "\n",
                ("/mnt/my groups/cpu.max", "100000 100000")));

    [Fact]
    public void Is_none_where_nothing_can_be_read() => Assert.Null(CpuQuota.Read("", "garbage\n - \n", _ => null));

    private static double? Read(string groups, string mounts, params (string Path, string Text)[] files) =>
        CpuQuota.Read(groups, mounts, path => files.Where(file => file.Path == path).Select(file => file.Text).FirstOrDefault());
}

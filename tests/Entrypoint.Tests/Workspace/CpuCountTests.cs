using Entrypoint.Workspace;

namespace Entrypoint.Tests.Workspace;

public sealed class CpuCountTests
{
    [Theory]
    [InlineData(4, null, 4)]
    [InlineData(4, 2.0, 2)]
    [InlineData(4, 1.5, 2)]
    [InlineData(4, 0.1, 1)]
    [InlineData(4, 16.0, 4)]
    [InlineData(0, null, 1)]
    public void Is_the_smaller_of_affinity_and_quota(int cpus, double? quota, int expected) =>
        Assert.Equal(expected, CpuCount.Limit(cpus, quota));

    [Fact]
    public void Is_at_least_one_here() => Assert.True(CpuCount.Available() >= 1);
}

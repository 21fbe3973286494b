using Entrypoint.Preparation;
using Entrypoint.Processes;

namespace Entrypoint.Tests.Preparation;

public sealed class CondaActivationTests
{
    private static ProcessEnvironment Activate(ProcessEnvironment environment) => CondaActivation.WithPrefix("/opt/conda/envs/new", "new", environment);

    [Fact]
    public void Sets_what_conda_activate_sets()
    {
        var environment = Activate(ProcessEnvironment.Empty.With("PATH", "/usr/bin:/bin"));

        Assert.Equal("/opt/conda/envs/new/bin:/usr/bin:/bin", environment["PATH"]);
        Assert.Equal("/opt/conda/envs/new", environment["CONDA_PREFIX"]);
        Assert.Equal("new", environment["CONDA_DEFAULT_ENV"]);
        Assert.Equal("1", environment["CONDA_SHLVL"]);
    }

    [Theory]
    [InlineData("1", "CONDA_PREFIX_1", "2")]
    [InlineData("2", "CONDA_PREFIX_2", "3")]
    [InlineData("0", "CONDA_PREFIX_1", "2")]
    [InlineData("nonsense", "CONDA_PREFIX_1", "2")]
    public void Takes_the_place_of_the_one_before(string level, string kept, string newLevel)
    {
        var environment = Activate(ProcessEnvironment.Empty
            .With("PATH", "/opt/conda/bin:/usr/bin").With("CONDA_PREFIX", "/opt/conda").With("CONDA_SHLVL", level));

        Assert.Equal("/opt/conda/envs/new/bin:/usr/bin", environment["PATH"]);
        Assert.Equal("/opt/conda", environment[kept]);
        Assert.Equal(newLevel, environment["CONDA_SHLVL"]);
    }
}

using Entrypoint.Processes;

namespace Entrypoint.Tests.Processes;

public sealed class ProcessEnvironmentTests
{
    private readonly ProcessEnvironment _environment = ProcessEnvironment.From([new("A", "1"), new("EMPTY", "")]);

    [Fact]
    public void Reads_the_environment_of_this_process() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), ProcessEnvironment.Current()["PATH"]);

    [Fact]
    public void Changes_make_a_new_one()
    {
        var changed = _environment.With("A", "2").With("B", "3").Without("EMPTY");

        Assert.Equal(("1", null, ""), (_environment["A"], _environment["B"], _environment["EMPTY"]));
        Assert.Equal(("2", "3", null), (changed["A"], changed["B"], changed["EMPTY"]));
    }

    [Fact]
    public void A_default_does_not_replace_an_empty_value() =>
        Assert.Equal(("", "x"), (_environment.WithDefault("EMPTY", "x")["EMPTY"], _environment.Get("EMPTY", "x")));

    [Fact]
    public void A_path_prefix_comes_first() =>
        Assert.Equal(
            ("/p:/bin", $"/p:{ProgramPath.DefaultSearchPath}"),
            (_environment.With("PATH", "/bin").WithPathPrefix("/p")["PATH"], _environment.WithPathPrefix("/p")["PATH"]));
}

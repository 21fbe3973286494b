namespace Entrypoint.EndToEnd.Preparation;

/// <summary>A job with a stand-in of conda that makes environments.</summary>
public abstract class CondaTest : IDisposable
{
    protected const string PrintsPrefix =
        """
        import os, sys
        print('prefix', sys.prefix, os.environ.get('CONDA_PREFIX') == sys.prefix)

        """;
    protected const string Environment = "dependencies:\n  - python=3.11\n";

    private protected Workbench Bench { get; } = new();

    protected CondaTest() => CondaStandIn.Install(Bench, "conda/bin/conda");

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Bench.Dispose();
    }

    protected string Environments => Bench["conda/envs"];

    protected Task<RunResult> RunAsync(params string[] options) => EntrypointProcess.RunAsync([Bench.Job, .. options], Bench.Environment, Bench.Folder.Path);

    protected string[] Prefixes() => Directory.Exists(Environments) ? Directory.GetDirectories(Environments) : [];

    protected static bool IsComplete(string prefix) => File.Exists(Path.Combine(prefix, ".entrypoint-complete"));

    protected static void AssertRan(RunResult result, string text)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }
}

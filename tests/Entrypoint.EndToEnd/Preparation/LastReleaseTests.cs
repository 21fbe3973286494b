namespace Entrypoint.EndToEnd.Preparation;

/// <summary>A state folder and conda environments that release 1.0.0 has made are left alone, and do no harm.</summary>
public sealed class LastReleaseTests : IDisposable
{
    private static readonly string[] Folders = ["state", "conda"];

    private readonly Workbench _bench = new();

    public LastReleaseTests()
    {
        // Made by that release for a job with requirements.txt and Debian's Python, and one with environment.yml and requirements.txt.
        Workbench.Run("tar", "-xzf", Repository.File("test-fixtures", "state-1.0.0.tar.gz"), "-C", _bench.Folder.Path);
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>All that is there, with its content.</summary>
    private Dictionary<string, string> Snapshot() => Folders
        .SelectMany(folder => new DirectoryInfo(_bench[folder]).EnumerateFiles("*", SearchOption.AllDirectories))
        .ToDictionary(file => file.FullName, file => file.LinkTarget ?? File.ReadAllText(file.FullName), StringComparer.Ordinal);

    private void AssertIsLeft(Dictionary<string, string> before)
    {
        var after = Snapshot();
        Assert.All(before, file => Assert.Equal(file.Value, after.GetValueOrDefault(file.Key)));
    }

    [Fact]
    public async Task Is_left_alone_by_a_virtual_environment()
    {
        var before = Snapshot();
        Assert.Contains(before.Keys, name => name.EndsWith("/.entrypoint-complete", StringComparison.Ordinal));
        _bench.WithWheel("alpha").With(
            """
            import alpha
            print('alpha', alpha.version)
            """, ("requirements.txt", "alpha\n"));

        foreach (var option in new[] { "--refresh", "--code-only" })
        {
            var result = await _bench.RunWithAsync(Workbench.SystemPython, option);

            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Contains("alpha 1.0", result.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("[WARNING]", result.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await _bench.RunWithAsync(Workbench.SystemPython, "--prune", "0")).ExitCode);
        AssertIsLeft(before);
    }

    [Fact]
    public async Task Is_left_alone_by_a_conda_environment()
    {
        var before = Snapshot();
        CondaStandIn.Install(_bench, "conda/bin/conda");
        _bench.With(
            """
            import sys
            print('prefix', sys.prefix)
            """, ("environment.yml", "name: x\ndependencies:\n  - python\n"));

        var result = await EntrypointProcess.RunAsync([_bench.Job], _bench.Environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"prefix {_bench["conda/envs/entrypoint-"]}", result.Output, StringComparison.Ordinal);
        AssertIsLeft(before);
    }
}

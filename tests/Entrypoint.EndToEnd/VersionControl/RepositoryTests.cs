namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>What tests of one kind of version control share: a folder with a repository in it, which is the home folder too.</summary>
public abstract class RepositoryTests(TemporaryFolder folder)
{
    private protected TemporaryFolder Folder { get; } = folder;

    private protected Task<RunResult> RunAsync(string code, Dictionary<string, string?> environment, params string[] options)
    {
        environment.TryAdd("HOME", Folder.Path);
        return EntrypointProcess.RunAsync([code, .. options], environment);
    }

    private protected async Task<RunResult> EndsAsync(int exitCode, string message, string code, params string[] options)
    {
        var result = await RunAsync(code, [], options);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains(message, result.Output, StringComparison.Ordinal);
        return result;
    }

    /// <summary>The second start takes what the first one has kept.</summary>
    private protected async Task IsKeptAsync(string expected, string code, params string[] options)
    {
        using var state = new TemporaryFolder();
        Dictionary<string, string?> Environment() => new() { ["ENTRYPOINT_STATE"] = state.Path, ["ENTRYPOINT_CODE_CACHE"] = "1GiB" };

        var first = await RunAsync(code, Environment(), options);
        var second = await RunAsync(code, Environment(), options);

        Assert.All([first, second], run => Assert.True(run.ExitCode == 0 && run.Output.Contains(expected, StringComparison.Ordinal), run.ToString()));
        Assert.DoesNotContain("Using the code that is kept", first.Output, StringComparison.Ordinal);
        Assert.Contains("Using the code that is kept", second.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(state["code"]));
    }

    /// <summary>Whole and with <c>--sparse</c> it is the same.</summary>
    private protected async Task EndsBothWaysAsync(int exitCode, string message, string code)
    {
        await EndsAsync(exitCode, message, code);
        await EndsAsync(exitCode, message, code, "--sparse");
    }
}

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

    /// <summary>Whole and with <c>--sparse</c> it is the same.</summary>
    private protected async Task EndsBothWaysAsync(int exitCode, string message, string code)
    {
        await EndsAsync(exitCode, message, code);
        await EndsAsync(exitCode, message, code, "--sparse");
    }
}

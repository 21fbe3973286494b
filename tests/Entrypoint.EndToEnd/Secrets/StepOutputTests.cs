namespace Entrypoint.EndToEnd.Secrets;

/// <summary>What steps print is shown without secrets, and as it comes.</summary>
public sealed class StepOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_token_that_pip_prints_is_masked()
    {
        _folder.Write("job/__main__.py", "print('ran')\n");
        _folder.Write("job/requirements.txt", "casepkg @ git+http://${CASE_TOKEN}@127.0.0.1:1/x.git\n");

        var result = await EntrypointProcess.RunAsync(
            [_folder["job"]], Environment(("CASE_TOKEN", "s3cr3t-t0ken"), ("PIP_RETRIES", "0"), ("PIP_INDEX_URL", "http://me:s3cr3t-1ndex@127.0.0.1:1/")));

        Assert.Equal(78, result.ExitCode);
        Assert.Contains("casepkg", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_secret_that_setup_prints_is_masked()
    {
        _folder.Write("job/__main__.py", "print('ran')\n");
        _folder.Write("job/setup.sh", "printf 'token: s3cr3t'; sleep 0.3; printf -- '-t0ken\\n'; echo 's3cr3t-t0ken' >&2\n");

        var result = await EntrypointProcess.RunAsync([_folder["job"]], Environment(("LAB_API_TOKEN", "s3cr3t-t0ken")));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("token: ****\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_without_a_line_end_is_shown_before_the_step_goes_on()
    {
        _folder.Write("job/__main__.py", "print('ran')\n");
        _folder.Write("job/setup.sh", "printf 'ready'; while [ ! -e go ]; do sleep 0.05; done; printf ' on\\n'\n");

        var output = _folder["output"];
        using var process = EntrypointProcess.Start(
            ["-c", "exec \"$0\" \"$1\" > \"$2\"", EntrypointProcess.Executable, _folder["job"], output], Environment(("LAB_API_TOKEN", "s3cr3t-t0ken")), program: "/bin/sh");
        await ProcessState.WaitUntilAsync(() => File.Exists(output) && File.ReadAllText(output).EndsWith("ready", StringComparison.Ordinal), "the question was shown");
        _folder.Write("job/go", "");

        Assert.Equal(0, (await process.WaitAsync()).ExitCode);
        Assert.Contains("ready on\n", File.ReadAllText(output), StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Environment(params (string Name, string Value)[] variables)
    {
        var environment = variables.ToDictionary(variable => variable.Name, string? (variable) => variable.Value);
        environment["ENTRYPOINT_STATE"] = _folder["state"];
        environment["HOME"] = _folder[""];
        return environment;
    }
}

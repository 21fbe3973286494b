namespace Entrypoint.EndToEnd.Preparation;

/// <summary>The last line of all says why a step has failed, in the words of whoever knows.</summary>
public sealed class ReasonTests : IDisposable
{
    private const string Backend =
        """
        import sys
        def prepare_metadata_for_build_wheel(folder, config_settings=None): sys.exit('error: the header file foo.h is missing')
        build_wheel = prepare_metadata_for_build_wheel

        """;
    private const string Project = "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n";

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(Pips.Own)]
    [InlineData(Pips.Trixie)]
    [InlineData(Pips.Sid)]
    public async Task Is_what_the_build_of_a_package_said_and_not_pips_last_words(string pip)
    {
        _bench.With("print('JOB RAN')\n", ("requirements.txt", "./broken\n"), ("broken/pyproject.toml", Project), ("broken/backend.py", Backend));

        var result = await _bench.RunWithAsync(await Pips.PythonAsync(_bench, pip));

        ProjectJob.AssertRefused(result, "requirements.txt could not be applied", "error: the header file foo.h is missing", "broken");
    }

    [Theory]
    [InlineData("echo starting\nnosuchprogram --now\n", "exit code 127: setup.sh: line 2: nosuchprogram: command not found")]
    [InlineData("echo starting\necho 'E: Unable to locate package nosuch' >&2\nexit 100\n", "exit code 100: E: Unable to locate package nosuch")]
    [InlineData("echo 'the disk is not mounted'\nexit 3\n", "exit code 3: the disk is not mounted")]
    public async Task Is_what_a_setup_script_said(string script, string reason)
    {
        _bench.With("print('JOB RAN')\n", ("setup.sh", script));

        ProjectJob.AssertRefused(await _bench.RunAsync(), "setup.sh could not be applied", reason);
    }
}

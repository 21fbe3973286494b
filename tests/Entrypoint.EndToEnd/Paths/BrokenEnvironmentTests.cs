using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.EndToEnd.Paths;

/// <summary>A virtual environment of the image whose Python does not work: no other Python takes its place without a word.</summary>
public sealed class BrokenEnvironmentTests : IDisposable
{
    private readonly Workbench _bench = new Workbench().With("import sys; print('ran with', sys.executable)");

    public void Dispose() => _bench.Dispose();

    private string Python => _bench["image/bin/python"];

    private Task<RunResult> RunAsync(bool active, string[]? wrapper = null, params string[] options)
    {
        Dictionary<string, string?> environment = new(_bench.Environment)
        {
            ["PATH"] = $"{_bench["image/bin"]}:/usr/bin:/bin",
            ["VIRTUAL_ENV"] = active ? _bench["image"] : null,
        };
        return EntrypointProcess.RunAsync([_bench.Job, .. options], environment, _bench.Folder.Path, wrapper);
    }

    private void MakeImage()
    {
        Workbench.Run(Workbench.SystemPython, "-m", "venv", "--without-pip", _bench["image"]);
        File.Delete(Python);
        File.Delete(_bench["image/bin/python3"]);
        File.CreateSymbolicLink(_bench["image/bin/python3"], "python");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task That_may_not_be_executed_is_126(bool active)
    {
        MakeImage();
        Directory.CreateDirectory(_bench["closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(_bench["closed/python3"], Workbench.SystemPython);
        File.CreateSymbolicLink(Python, _bench["closed/python3"]);
        Directory.CreateDirectory(_bench["state"], (UnixFileMode)0b111_111_111);

        var result = await RunAsync(active, Workbench.Nobody);

        Assert.True(result.ExitCode == 126, result.ToString());
        Assert.Contains($"[ERROR] Cannot run {Python} of the virtual environment", result.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task That_leads_nowhere_is_127(bool active)
    {
        MakeImage();
        File.CreateSymbolicLink(Python, "/opt/gone/bin/python3");

        var result = await RunAsync(active);
        var plan = await RunAsync(active, null, "--dry-run");

        Assert.True(result.ExitCode == 127, result.ToString());
        Assert.Contains($"[ERROR] Cannot run {Python} of the virtual environment", result.LastLine, StringComparison.Ordinal);
        Assert.True(plan.ExitCode == 127, plan.ToString());
    }

    [Fact]
    public async Task That_is_gone_is_127_where_it_is_the_active_one()
    {
        var result = await RunAsync(active: true);

        Assert.True(result.ExitCode == 127, result.ToString());
        Assert.Contains(Python, result.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_asked_where_another_python_is_named_or_comes_first()
    {
        MakeImage();
        File.CreateSymbolicLink(Python, "/opt/gone/bin/python3");

        var named = await RunAsync(active: true, null, "--python", Workbench.SystemPython);
        var first = await EntrypointProcess.RunAsync(
            [_bench.Job],
            new Dictionary<string, string?>(_bench.Environment) { ["PATH"] = $"{Path.GetDirectoryName(_bench.Python)}:{_bench["image/bin"]}", ["VIRTUAL_ENV"] = _bench["image"] });

        Assert.Contains($"ran with {Workbench.SystemPython}\n", named.Output, StringComparison.Ordinal);
        Assert.Contains($"ran with {_bench.Python}\n", first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_may_not_be_executed_elsewhere_on_the_path_is_passed_over()
    {
        _bench.Folder.Write("image/bin/python", "no program");

        var result = await RunAsync(active: false);

        Assert.Contains("ran with /usr/bin/python3\n", result.Output, StringComparison.Ordinal);
    }
}

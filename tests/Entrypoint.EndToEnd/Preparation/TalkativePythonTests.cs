namespace Entrypoint.EndToEnd.Preparation;

/// <summary>A Python whose <c>sitecustomize</c> prints and writes things of its own, as a tracer's does.</summary>
public sealed class TalkativePythonTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Answers_questions_all_the_same()
    {
        _bench.With("import one; print('imported', one.__name__)", ("requirements.txt", "one\n")).WithWheel("one");
        _bench.Folder.Write("site/sitecustomize.py",
            """
            import atexit
            print('hello')
            atexit.register(print, 'bye')
            """);
        _bench.Environment["PYTHONPATH"] = _bench["site"];

        // Debian's Python is externally managed: that it has to be left alone is what the answer says.
        var result = await _bench.RunWithAsync(Workbench.SystemPython);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("imported one\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_asked_without_writing_byte_code()
    {
        _bench.With("", ("requirements.txt", "one\n"));
        _bench.Folder.Write("site/sitecustomize.py", "import beside\n");
        _bench.Folder.Write("site/beside.py", "");
        _bench.Environment["PYTHONPATH"] = _bench["site"];

        var result = await _bench.RunWithAsync(Workbench.SystemPython, "--dry-run");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.False(Directory.Exists(_bench["site/__pycache__"]), result.ToString());
    }
}

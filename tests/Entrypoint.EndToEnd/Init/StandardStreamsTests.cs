namespace Entrypoint.EndToEnd.Init;

public sealed class StandardStreamsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunResult> RunInShellAsync(string script, string python, params string[] options) =>
        EntrypointProcess.RunAsync(
            [_folder.Job(python), .. options], workingDirectory: _folder.Path, wrapper: ["bash", "-c", script, "bash"]);

    [Fact]
    public async Task A_pipe_on_standard_input_reaches_the_job()
    {
        var result = await EntrypointProcess.RunAsync(
            [_folder.Job("import sys; print('in capitals:', sys.stdin.read().upper())")], input: "first\nsecond\n");

        Assert.Contains("in capitals: FIRST\nSECOND\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_byte_passes_as_it_is()
    {
        var result = await RunInShellAsync(
            "head -c 3000000 /dev/urandom > in; \"$@\" < in > out; echo status $?; cmp in out && echo the same",
            "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)",
            "--log-level",
            "error");

        Assert.Equal("status 0\nthe same\n", result.Output);
    }

    [Fact]
    public async Task The_preparation_takes_nothing_of_standard_input_away()
    {
        _folder.Write("job/setup.sh", "cat\nhead -c 1\n");
        _folder.Write("job/requirements.txt", "--no-index\n");

        var result = await EntrypointProcess.RunAsync([_folder.Job("import sys; print('read:', sys.stdin.read())")], input: "all of it");

        Assert.Contains("read: all of it\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"$@\" < /dev/null")]
    [InlineData("\"$@\" <&-")]
    [InlineData("\"$@\" >&-")]
    [InlineData("\"$@\" 2>&-")]
    [InlineData("\"$@\" <&- >&- 2>&-")]
    [InlineData("\"$@\" > /dev/full")]
    [InlineData("\"$@\" > /dev/full 2>&1")]
    [InlineData("\"$@\" 0</dev/null 1<&0 2<&0")]
    public async Task Streams_of_any_kind_leave_the_exit_code(string script)
    {
        var result = await RunInShellAsync(script, $"open('{_folder["ran"]}', 'w').close()\nimport os; os._exit(5)");

        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.True(File.Exists(_folder["ran"]));
    }

    [Theory]
    [InlineData("\"$@\" <&-", 0)]
    [InlineData("\"$@\" >&-", 1)]
    [InlineData("\"$@\" 2>&-", 2)]
    public async Task No_file_of_the_program_takes_the_place_of_a_closed_stream(string script, int descriptor)
    {
        // What the job finds at that number is nothing, or nothing that matters.
        var result = await RunInShellAsync(
            script,
            $"""
            import os
            try:
                found = os.readlink("/proc/self/fd/{descriptor}")
            except OSError:
                found = "closed"
            open("{_folder["found"]}", "w").write(found)
            """);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Matches("^(closed|/dev/null)$", await File.ReadAllTextAsync(_folder["found"]));
    }

    [Fact]
    public async Task A_reader_that_has_gone_away_is_the_jobs_affair()
    {
        var result = await RunInShellAsync(
            "\"$@\" | head -n 1 > /dev/null; echo \"status ${PIPESTATUS[0]}\"",
            """
            import os, sys
            try:
                while True:
                    print("line")
            except BrokenPipeError:
                os._exit(33)
            """);

        Assert.Contains("status 33\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_is_gone_from_the_start_does_not_keep_the_job_from_running()
    {
        var result = await RunInShellAsync(
            "(until [ -e gone ]; do sleep 0.01; done; exec \"$@\") | touch gone; echo \"status ${PIPESTATUS[0]}\"",
            $"open('{_folder["ran"]}', 'w').close()\nimport os; os._exit(5)");

        Assert.Contains("status 5\n", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["ran"]));
    }

    [Fact]
    public async Task A_closed_standard_output_does_not_fail_the_preparation()
    {
        _folder.Write("job/setup.sh", $"touch '{_folder["prepared"]}'\n");

        var result = await RunInShellAsync("\"$@\" >&-", "pass", "--requirements-only");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(File.Exists(_folder["prepared"]));
    }

    [Fact]
    public async Task Standard_error_of_the_job_stays_apart()
    {
        var result = await EntrypointProcess.RunAsync([_folder.Job("import sys; print('out'); print('err', file=sys.stderr)")]);

        Assert.Equal("err\n", result.Error);
        Assert.Contains("out\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_does_not_block_stays_so_and_one_that_blocks_too()
    {
        var result = await RunInShellAsync(
            "\"$@\" < /dev/null | cat",
            """
            import fcntl, os
            print("flags", [fcntl.fcntl(n, fcntl.F_GETFL) & os.O_NONBLOCK for n in (0, 1, 2)])
            """);

        Assert.Contains("flags [0, 0, 0]", result.Output, StringComparison.Ordinal);
    }
}

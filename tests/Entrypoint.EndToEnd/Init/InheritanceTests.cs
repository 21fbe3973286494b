namespace Entrypoint.EndToEnd.Init;

/// <summary>What the job and the steps get from the caller, by way of the program.</summary>
public sealed class InheritanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A shell command for the workspace sees the signals as they are: a Python job has changed some already.</summary>
    private static Task<RunResult> RunCommandAsync(string command, IReadOnlyList<string> wrapper) =>
        EntrypointProcess.RunAsync([], new Dictionary<string, string?> { ["WORKSPACE_COMMAND"] = command }, wrapper: wrapper);

    [Fact]
    public async Task No_signal_is_blocked_or_ignored()
    {
        var result = await RunCommandAsync("exec grep Sig[BI] /proc/self/status", Wrapper.Clean);

        Assert.Contains("SigBlk:\t0000000000000000\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_signal_is_blocked_or_ignored_in_a_step()
    {
        _folder.Write("job/setup.sh", "exec grep Sig[BI] /proc/self/status\n");

        var result = await EntrypointProcess.RunAsync([_folder.Job("pass")], wrapper: Wrapper.Clean);

        Assert.Contains("SigBlk:\t0000000000000000\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_python_job_has_what_python_sets_and_no_more()
    {
        var result = await EntrypointProcess.RunAsync([_folder.Job("print(open('/proc/self/status').read())")], wrapper: Wrapper.Clean);

        // PIPE and XFSZ are ignored by Python itself.
        Assert.Contains("SigBlk:\t0000000000000000\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000001001000\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_caller_blocked_is_not_blocked()
    {
        var result = await RunCommandAsync("exec grep SigBlk /proc/self/status", [.. Wrapper.Clean, "/usr/bin/env", "--block-signal=TERM,INT,USR1,RTMIN"]);

        Assert.Contains("SigBlk:\t0000000000000000\n", result.Output, StringComparison.Ordinal);
    }

    // SIGPIPE is not among them: the runtime ignores it before the program can see what the caller did.
    [Fact]
    public async Task What_the_caller_ignored_stays_ignored()
    {
        var result = await RunCommandAsync("exec grep SigIgn /proc/self/status", [.. Wrapper.Clean, "/usr/bin/env", "--ignore-signal=HUP,USR2"]);

        Assert.Contains("SigIgn:\t0000000000000801\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nohup_works()
    {
        var job = _folder.Job(
            """
            import os, signal, sys
            print("HUP is ignored:", signal.getsignal(signal.SIGHUP) == signal.SIG_IGN, flush=True)
            sys.stdin.readline()
            sys.exit(6)
            """);
        using var process = EntrypointProcess.Start([job], wrapper: ["nohup"]);
        await process.WaitForAsync("HUP is ignored: True");

        process.Signal(SIGHUP);
        await process.WriteAsync("\n");
        var result = await process.WaitAsync();

        Assert.True(result.ExitCode == 6, result.ToString());
    }

    [Fact]
    public async Task Only_three_descriptors_are_open_in_the_job_and_in_the_steps()
    {
        const string Lists = "import os; print('open:', sorted(int(n) for n in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + n)))";
        _folder.Write("job/setup.sh", "for descriptor in /proc/$$/fd/*; do [ -e \"$descriptor\" ] && echo \"step has $descriptor\" | sed s,/.*/,,; done; true\n");

        var result = await EntrypointProcess.RunAsync([_folder.Job(Lists)], wrapper: Wrapper.Clean);

        Assert.Contains("open: [0, 1, 2]", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["step has 0", "step has 1", "step has 2"],
            result.Output.Split('\n').Where(line => line.StartsWith("step has", StringComparison.Ordinal) && line != "step has 255").Order());
    }

    [Fact]
    public async Task Only_three_descriptors_are_open_on_a_terminal()
    {
        using var terminal = new Pseudoterminal();
        var job = _folder.Job(
            """
            import os
            print('open:', sorted(int(n) for n in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + n)))
            """);

        using var process = EntrypointProcess.Start([job], wrapper: [.. terminal.SessionLeader, .. Wrapper.Clean]);
        await process.WaitAsync();

        await terminal.WaitForAsync("open: [0, 1, 2]");
    }

    [Fact]
    public async Task Limits_mask_and_priority_are_as_they_were()
    {
        const string Lists =
            """
            import os, resource
            for name in sorted(vars(resource)):
                if name.startswith("RLIMIT_"):
                    print(name, resource.getrlimit(getattr(resource, name)))
            print("umask %o" % os.umask(0), "nice", os.nice(0), "cpus", sorted(os.sched_getaffinity(0)))
            print("oom", open("/proc/self/oom_score_adj").read())
            """;
        string[] caller = ["sh", "-c", "umask 027; ulimit -S -n 400; ulimit -S -c 0; ulimit -S -s 4096; ulimit -S -u 5000; exec nice -n 3 \"$@\"", "sh"];
        using var plain = EntrypointProcess.Start([_folder.Write("lists.py", Lists)], wrapper: caller, program: Interpreter.Program);
        var expected = await plain.WaitAsync();

        var result = await EntrypointProcess.RunAsync([_folder.Job(Lists)], wrapper: caller);

        Assert.Contains("RLIMIT_NOFILE (400, ", expected.Output, StringComparison.Ordinal);
        Assert.Contains(expected.Output, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_is_the_callers_and_what_the_contract_adds()
    {
        var job = _folder.Job(
            """
            import os
            for name, value in sorted(os.environb.items()): print('var', name, value)
            """);
        var variables = new Dictionary<string, string?> { ["EMPTY"] = "", ["LINES"] = "a\nb", ["WITH SPACE"] = "$x", ["Ω"] = "ω", ["ENTRYPOINT_GRACE_PERIOD"] = "5s" };
        using var plain = EntrypointProcess.Start([Path.Combine(job, "__main__.py")], variables, program: Interpreter.Program);
        var before = Variables(await plain.WaitAsync());

        var after = Variables(await EntrypointProcess.RunAsync([job], variables));

        Assert.Equal([$"b'ENTRYPOINT_CODE' b'{job}'", "b'PYTHONUNBUFFERED' b'1'"], after.Except(before).Order());
        Assert.Empty(before.Except(after));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("x")]
    public async Task Pythonunbuffered_that_is_set_stays(string value)
    {
        var result = await EntrypointProcess.RunAsync(
            [_folder.Job("import os; print('unbuffered', os.environ['PYTHONUNBUFFERED'])")],
            new Dictionary<string, string?> { ["PYTHONUNBUFFERED"] = value });

        Assert.Contains($"unbuffered {value}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_is_no_text_passes_byte_for_byte()
    {
        var result = await EntrypointProcess.RunAsync(
            [_folder.Job("import os; print('var', os.environb[b'BYTES'], os.environb[b'N\\xff'])")],
            wrapper: [Interpreter.Program, "-c", "import os, sys; os.environb[b'BYTES'] = b'a\\xff\\x80z'; os.environb[b'N\\xff'] = b'v'; os.execv(sys.argv[1], sys.argv[1:])"]);

        Assert.Contains(@"var b'a\xff\x80z' b'v'", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_of_any_kind_reach_the_job_byte_for_byte()
    {
        byte[][] arguments =
        [
            [], " "u8.ToArray(), "--help"u8.ToArray(), "--timeout"u8.ToArray(), "1"u8.ToArray(), "--"u8.ToArray(), "-"u8.ToArray(), "-x"u8.ToArray(),
            "$(touch injected)"u8.ToArray(), "`id`"u8.ToArray(), "'\"\\"u8.ToArray(), "a\nb\tc\r"u8.ToArray(), "*"u8.ToArray(), "@/etc/passwd"u8.ToArray(),
            "@"u8.ToArray(), "[suggest]"u8.ToArray(), "Ω🂡"u8.ToArray(), [0xff, 0xfe, 0x80], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0x01], "{0}{Path}"u8.ToArray(),
            [.. Enumerable.Repeat((byte)'x', 60_000)],
        ];
        var job = _folder.Job(
            """
            import os, sys
            for a in sys.argv[1:]: print('arg', os.fsencode(a).hex())
            """);

        var result = await EntrypointProcess.RunAsync(
            [Hex(System.Text.Encoding.UTF8.GetBytes(job)), Hex("--"u8.ToArray()), .. arguments.Select(Hex)], wrapper: Wrapper.HexadecimalArguments);

        Assert.True(result.ExitCode == 0, result.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(
            arguments.Select(Hex),
            result.Output.Split('\n').Where(line => line.StartsWith("arg", StringComparison.Ordinal)).Select(line => line["arg ".Length..]));
    }

    [Fact]
    public async Task Very_many_arguments_reach_the_job()
    {
        string[] arguments = [.. Enumerable.Range(0, 20_000).Select(number => $"{number}")];

        var result = await EntrypointProcess.RunAsync(
            [_folder.Job("import sys; print('ordered', sys.argv[1:] == [str(n) for n in range(20000)])"), "--log-level", "warning", "--", .. arguments]);

        Assert.Equal("ordered True\n", result.Output);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string[] Variables(RunResult result) =>
        [.. result.Output.Split('\n').Where(line => line.StartsWith("var ", StringComparison.Ordinal)).Select(line => line["var ".Length..])];
}

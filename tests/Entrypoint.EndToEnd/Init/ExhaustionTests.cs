using System.Globalization;

namespace Entrypoint.EndToEnd.Init;

/// <summary>
/// Jobs that use up what there is. Whatever they take, and whichever way they end, the exit code is the job's, and no stack trace is seen.
/// "Memory" and "descriptors" are taken from the program itself: from then on the kernel gives it not one new page, mapping or number,
/// which is more than any job could do.
/// </summary>
public sealed class ExhaustionTests : IDisposable
{
    /// <summary>A user of this run alone: the limit on processes counts those of a user, and does not bind root.</summary>
    private static int _user = 200_000 + Random.Shared.Next(100_000) * 100;

    private readonly TemporaryFolder _folder = new();

    /// <summary>
    /// The idle threads of the runtime's pool would go away after 20 s; here after a tenth, so that a second of exhaustion is enough.
    /// </summary>
    private const string IdleMilliseconds = "100";

    /// <summary>
    /// Takes what its first argument names, again and again for a second argument of seconds, says so once, and ends with 5. What it started
    /// goes on taking until it has ended, and goes away a while later.
    /// </summary>
    private const string Taker =
        """
        import os, resource, sys, time
        what, seconds = sys.argv[1].split(","), float(sys.argv[2])
        program, end = os.getppid(), time.monotonic() + seconds

        def take_processes():
            while True:
                try:
                    if os.fork() == 0:
                        while time.monotonic() < end + 2:
                            try:
                                if os.fork() == 0:
                                    continue
                            except OSError:
                                time.sleep(0.02)
                        os._exit(9)
                except OSError:
                    return

        def take_disk():
            with open(os.path.join(os.environ["DISK"], "full"), "ab", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(65536))
                except OSError:
                    pass

        def take_memory():
            for limit in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
                resource.prlimit(program, limit, (0, 0))

        def take_descriptors():
            resource.prlimit(program, resource.RLIMIT_NOFILE, (0, 0))

        takers = {"processes": take_processes, "disk": take_disk, "memory": take_memory, "descriptors": take_descriptors}
        # What the program does at the job's start besides supervising it (it gives memory back) is over when it sleeps.
        while open(f"/proc/{program}/stat").read().rsplit(")", 1)[1].split()[0] != "S":
            time.sleep(0.01)
        told = False
        while time.monotonic() < end:
            for name in what:
                takers[name]()
            if not told:
                os.write(1, b"taken: all of it\n")
                told = True
            time.sleep(0.05)
        os._exit(5)
        """;

    public static TheoryData<string, string, bool> Cases()
    {
        var cases = new TheoryData<string, string, bool>();
        foreach (var what in new[] { "processes", "memory", "descriptors", "disk", "processes,memory,descriptors,disk" })
        {
            foreach (var end in new[] { "own end", "SIGTERM", "--timeout" })
            {
                cases.Add(what, end, false);
                cases.Add(what, end, true);
            }
        }

        return cases;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Whatever_a_job_takes_its_end_is_seen_and_returned(string what, string end, bool pid1)
    {
        var job = Prepare();
        string[] timeout = end == "--timeout" ? ["--timeout", "1s", "--grace-period", "5s"] : [];
        var seconds = end == "own end" ? "1" : "3600";

        using var process = EntrypointProcess.Start(
            ["--report", _folder["open/report.json"], .. timeout, job, "--", what, seconds], Surroundings(), wrapper: Limited(24, pid1));
        await process.WaitForAsync("taken: all of it");
        if (end == "SIGTERM")
        {
            EntrypointProcess.SendSignal(ProcessState.Tree(process.Id).First(state => state.Name == "entrypoint").Id, SIGTERM);
        }

        var result = await process.WaitAsync();
        Assert.True(result.ExitCode == (end switch { "own end" => 5, "SIGTERM" => 128 + SIGTERM, _ => 124 }), result.ToString());
        Assert.DoesNotContain("   at ", result.ToString(), StringComparison.Ordinal);
        Assert.Contains("Execution failed with exit code: ", result.Output, StringComparison.Ordinal);
        if (what == "processes")
        {
            Assert.Contains("\"job\"", await File.ReadAllTextAsync(_folder["open/report.json"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_job_that_holds_all_processes_for_longer_than_idle_threads_stay_is_returned_too()
    {
        var result = await EntrypointProcess.RunAsync(
            ["--report", _folder["open/report.json"], Prepare(), "--", "processes", "23"],
            new Dictionary<string, string?> { ["HOME"] = "/", ["TMPDIR"] = null },
            wrapper: Limited(24, pid1: false));

        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.DoesNotContain("   at ", result.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["open/report.json"]));
    }

    /// <summary>A program that is quicker than Python: it takes all that can be taken from this one before anything else is done.</summary>
    [Theory]
    [InlineData("--data=0:0")]
    [InlineData("--as=0:0")]
    [InlineData("--nofile=0:0")]
    public async Task A_job_that_takes_it_at_its_first_instruction_is_returned_too(string limit)
    {
        var program = _folder.Write("quick", $"#!/bin/sh\nprlimit --pid $PPID {limit}\nexit 5\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var result = await EntrypointProcess.RunAsync(["--python", program, _folder.Job("")], new Dictionary<string, string?> { ["ENTRYPOINT_STATE"] = _folder["state"] });

        Assert.True(result.ExitCode == 5, result.ToString());
    }

    [Fact]
    public async Task A_limit_that_leaves_no_room_is_one_line_and_69()
    {
        var job = Prepare("print('the job ran')");
        var ran = 0;
        for (var limit = 1; limit <= 20; limit++)
        {
            var result = await EntrypointProcess.RunAsync(["--python", "/usr/bin/python3", job], Surroundings(), wrapper: Limited(limit, pid1: false));

            var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var failed = lines.Where(line => line.Contains("[ERROR]", StringComparison.Ordinal)).ToArray();
            Assert.DoesNotContain("   at ", result.ToString(), StringComparison.Ordinal);
            if (result.ExitCode == 0)
            {
                Assert.Contains("the job ran", lines);
                ran++;
            }
            else
            {
                Assert.True(result.ExitCode == 69 && limit < 20, $"limit {limit}: {result}");
                Assert.Single(failed);
                Assert.Contains("Resource temporarily unavailable", failed[0], StringComparison.Ordinal);
                Assert.Contains("--pids-limit", failed[0], StringComparison.Ordinal);
            }
        }

        Assert.InRange(ran, 1, 19);
    }

    private static Dictionary<string, string?> Surroundings() => new()
    {
        ["HOME"] = "/",
        ["TMPDIR"] = null,
        ["DOTNET_ThreadPool_ThreadTimeoutMs"] = IdleMilliseconds,
    };

    /// <summary>A job, a copy of the executable, and a place to write, for every user.</summary>
    private string Prepare(string python = Taker)
    {
        const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;
        var job = _folder.Job(python);
        File.Copy(EntrypointProcess.Executable, _folder["entrypoint"]);
        Directory.CreateDirectory(_folder["open"], (UnixFileMode)0b111_111_111);
        Directory.CreateDirectory(_folder["disk"]);
        foreach (var path in new[] { _folder.Path, job, _folder["entrypoint"] })
        {
            File.SetUnixFileMode(path, Everybody);
        }

        File.SetUnixFileMode(_folder["open"], (UnixFileMode)0b111_111_111);
        return job;
    }

    /// <summary>The copy of the executable, by a user who may have so many processes, with a small disk where the report goes too.</summary>
    private string[] Limited(int processes, bool pid1)
    {
        var user = Interlocked.Increment(ref _user).ToString(CultureInfo.InvariantCulture);
        return
        [
            .. pid1 ? Wrapper.Pid1 : ["unshare", "--mount"],
            .. Wrapper.Shell(
                $"mount --make-rprivate / && mount -t tmpfs -o size=1m,mode=777 none '{_folder["disk"]}' && export DISK='{_folder["disk"]}' && cd / && shift && "
                + $"exec setpriv --reuid={user} --regid={user} --clear-groups prlimit --nproc={processes}:{processes} '{_folder["entrypoint"]}' \"$@\""),
        ];
    }
}

namespace Entrypoint.EndToEnd.Init;

/// <summary>Signals at random moments around the job's end.</summary>
public sealed class EndFuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>
    /// Runs a short job that ends with 7 so many times, sends each run one signal within 100 ms of the job's end, and prints what did not
    /// end with 7 or with that signal. The process is not waited for before, so that its number is nobody else's.
    /// </summary>
    private const string Fuzz =
        """
        import concurrent.futures, os, random, signal, subprocess, sys, time
        program, rounds, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        signals = [1, 2, 3, 10, 12, 14, 15, 18, 28, 34, 50, 64]
        environment = dict(os.environ, WORKSPACE_COMMAND="echo started; sleep 0.05; exit 7", WORKSPACE_HOME="/")

        def run(number):
            chance = random.Random(f"{seed} {number}")
            sent = chance.choice(signals)
            process = subprocess.Popen([program, "--log-level", "error"], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            first = os.read(process.stdout.fileno(), 8)
            time.sleep(chance.uniform(0, 0.15))
            process.send_signal(sent)
            output = first + process.stdout.read()
            code = process.wait(60)
            code = 128 - code if code < 0 else code
            if code not in (7, 128 + sent) or b"   at " in output:
                return f"round {number}, signal {sent}: {code}\n{output.decode()}"

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            wrong = [line for line in pool.map(run, range(rounds)) if line]
        print("\n".join(wrong[:20]))
        sys.exit(1 if wrong else 0)
        """;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_signal_at_any_moment_around_the_end_leaves_the_exit_code_the_jobs_or_its_own()
    {
        var seed = Random.Shared.Next();
        var fuzz = _folder.Write("fuzz.py", Fuzz);

        var result = await Tool.TryRunAsync(
            Interpreter.Program, [fuzz, EntrypointProcess.Executable, "2000", $"{seed}"], limit: TimeSpan.FromMinutes(10));

        Assert.True(result.ExitCode == 0, $"seed {seed}: {result}");
    }
}

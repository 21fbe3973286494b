using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Entrypoint.EndToEnd.Preparation;

namespace Entrypoint.EndToEnd.Init;

/// <summary>
/// Container engines and kernels that refuse system calls. Each call that a run makes from start to end (as strace counts them) is refused
/// in turn, with EPERM and with ENOSYS: the run succeeds, or ends with one line that says what is wrong.
/// </summary>
public sealed partial class RefusedCallsTests : IDisposable
{
    private const int EPERM = 1;
    private const int ENOSYS = 38;

    /// <summary>
    /// Without the first two nothing is run and nothing ends, and without the third nothing can be said. Without the fourth the handler of a
    /// signal does not return, in any program: there is no asking for it without being in one.
    /// </summary>
    private static readonly string[] NotRefused = ["execve", "exit_group", "write", "rt_sigreturn"];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string?> _environment;

    public RefusedCallsTests()
    {
        // A Python that needs next to nothing: what is refused is refused to it as well.
        _folder.Write("python.c", "#include <unistd.h>\nint main(void) { return write(1, \"the job ran\\n\", 12) != 12; }\n");
        Workbench.Run("gcc", "-static", "-o", _folder["python"], _folder["python.c"]);
        _folder.Job("");
        _folder.Write("prepared/__main__.py", "");
        _folder.Write("prepared/setup.sh", "true\n");
        using (var archive = ZipFile.Open(_folder["archive.zip"], ZipArchiveMode.Create))
        {
            archive.CreateEntry("__main__.py");
        }

        Workbench.Run("git", "init", "--quiet", _folder["repository"]);
        _folder.Write("repository/__main__.py", "");
        Workbench.Run("git", "-C", _folder["repository"], "add", ".");
        Workbench.Run("git", "-C", _folder["repository"], "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "a");
        _environment = new Dictionary<string, string?> { ["HOME"] = _folder.Path, ["ENTRYPOINT_STATE"] = _folder["state"], ["ENTRYPOINT_GIT"] = "library" };
    }

    public void Dispose() => _folder.Dispose();

    private string[] Arguments(string mode) => mode switch
    {
        "version" => ["--version"],
        "plan" => [_folder["job"], "--dry-run"],
        "job" => [_folder["job"]],
        "preparation and report" => [_folder["prepared"], "--report", _folder["report.json"]],
        "archive" => [_folder["archive.zip"]],
        _ => [$"git+file://{_folder["repository"]}"],
    };

    [Theory]
    [InlineData("version")]
    [InlineData("plan")]
    [InlineData("job")]
    [InlineData("preparation and report")]
    [InlineData("archive")]
    [InlineData("git library")]
    public async Task A_run_succeeds_or_says_what_is_refused(string mode)
    {
        string[] arguments = [.. Arguments(mode), .. mode == "version" ? Array.Empty<string>() : ["--python", _folder["python"]]];
        var faults = new List<string>();
        var cases = (await CallsAsync(arguments)).SelectMany(call => new[] { (call, Errno: EPERM), (call, Errno: ENOSYS) });
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (refused, _) =>
        {
            var wrapper = Wrapper.Refusing(refused.Errno, refused.call.Number);
            if (!await StartsAnythingAsync(wrapper))
            {
                return;
            }

            var result = await EntrypointProcess.RunAsync(arguments, _environment, wrapper: wrapper);
            if (!IsFine(result))
            {
                lock (faults)
                {
                    faults.Add($"{refused.call.Name} refused with {refused.Errno}: {result}");
                }
            }
        });

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    [Fact]
    public async Task A_job_runs_where_the_engine_does_not_know_clone3()
    {
        var numbers = await NumbersAsync();

        var result = await EntrypointProcess.RunAsync(
            [_folder.Job(
                """
                import threading
                thread = threading.Thread(target=print, args=['a thread ran'])
                thread.start()
                thread.join()
                """, "threads")],
            _environment,
            wrapper: Wrapper.Refusing(EPERM, numbers["clone3"]));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("a thread ran\n", result.Output, StringComparison.Ordinal);
    }

    private static bool IsFine(RunResult result)
    {
        // Ours is the last of its stream; a step may have said something on the other.
        string[][] streams = [result.Output.TrimEnd().Split('\n'), result.Error.TrimEnd().Split('\n')];
        return result.ExitCode == 0
            || (result.ExitCode is >= 64 and < 128 and not 70
                && Array.Exists(streams, lines => lines[^1].Contains("[ERROR] ", StringComparison.Ordinal))
                && !Array.Exists(streams, lines => Array.Exists(lines, line => line.StartsWith("   at ", StringComparison.Ordinal))));
    }

    /// <summary>Whether a program that does nothing gets as far as to do it: the loader needs some calls for every program.</summary>
    private static async Task<bool> StartsAnythingAsync(string[] wrapper)
    {
        using var process = EntrypointProcess.Start([], wrapper: wrapper, program: "/bin/true");
        return (await process.WaitAsync()).ExitCode == 0;
    }

    /// <summary>The calls that a run makes, its children's too.</summary>
    private async Task<IReadOnlyList<(string Name, int Number)>> CallsAsync(string[] arguments)
    {
        var counts = _folder["counts"];
        await EntrypointProcess.RunAsync(arguments, _environment, wrapper: ["strace", "-c", "-f", "-o", counts]);
        var numbers = await NumbersAsync();
        string[] names = [.. File.ReadLines(counts).Select(line => CountLine().Match(line)).Where(match => match.Success).Select(match => match.Groups["name"].Value)];
        Assert.Contains("openat", names);
        return [.. names.Except(NotRefused).Where(numbers.ContainsKey).Select(name => (name, numbers[name]))];
    }

    /// <summary>The numbers of all system calls here.</summary>
    private static async Task<Dictionary<string, int>> NumbersAsync()
    {
        using var process = EntrypointProcess.Start(["-c", "echo '#include <sys/syscall.h>' | gcc -E -dM -"], program: "/bin/sh");
        process.CloseInput();
        var macros = (await process.WaitAsync()).Output;
        return NumberLine().Matches(macros).ToDictionary(
            match => match.Groups["name"].Value, match => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^\s*[0-9.]+ .* (?<name>[a-z]\w+)$")]
    private static partial Regex CountLine();

    [GeneratedRegex(@"^#define __NR_(?<name>\w+) (?<number>[0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex NumberLine();
}

using System.Diagnostics;
using System.Text;

namespace Entrypoint.EndToEnd;

/// <summary>What a finished run left.</summary>
public sealed record RunResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last line of standard output.</summary>
    public string LastLine => Output.TrimEnd('\n').Split('\n')[^1];

    /// <summary>Both streams, for messages of failed assertions.</summary>
    public override string ToString() => $"exit code {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}";
}

/// <summary>
/// The published executable (ENTRYPOINT_EXECUTABLE, else artifacts/entrypoint) started as a user would start it, with an environment of
/// its own. Every wait has a limit; a process that is left is killed. Not through CliWrap, as the tools of the tests are: its end is that of
/// the pipes, and what the job leaves behind holds those open.
/// </summary>
public sealed class EntrypointProcess : IDisposable
{
    /// <summary>How long anything may take before a test fails. It is no measure of speed: only what hangs gets here.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string[] Kept = ["HOME", "TMPDIR"];

    private readonly Process _process;
    private readonly TextCollector _output = new();
    private readonly TextCollector _error = new();
    private readonly TaskCompletionSource _outputClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EntrypointProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data, _outputClosed);
        _process.ErrorDataReceived += (_, line) => Add(_error, line.Data, _errorClosed);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where the executable is.</summary>
    public static string Executable { get; } = Locate();

    /// <summary>The process id of what was started (the wrapper, where there is one).</summary>
    public int Id => _process.Id;

    /// <summary>The process id of the executable itself, below whatever wrapper there is; waits until it has been started.</summary>
    public async Task<int> ProgramIdAsync()
    {
        int? found = null;
        await ProcessState.WaitUntilAsync(
            () => (found = ProcessState.Tree(Id).FirstOrDefault(state => IsExecutable(state.Id))?.Id) is not null || _process.HasExited,
            "the executable was started");
        return found ?? throw new InvalidOperationException($"It had ended before its process was found.\n{Output}\n{Error}");
    }

    /// <summary>Standard output so far.</summary>
    public string Output => _output.ToString();

    /// <summary>Standard error so far.</summary>
    public string Error => _error.ToString();

    /// <summary>Starts the executable.</summary>
    /// <param name="environment">Added to a small environment of PATH, HOME, LANG and TMPDIR; a null value removes.</param>
    /// <param name="workingDirectory">Where; null for a temporary folder of the test host.</param>
    /// <param name="wrapper">A program and its arguments in front of the executable, such as <c>unshare --pid --fork</c>.</param>
    /// <param name="program">What to start instead of the executable, such as a shell in which it is to be typed.</param>
    public static EntrypointProcess Start(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        IReadOnlyList<string>? wrapper = null,
        string? program = null)
    {
        string[] line = [.. wrapper ?? [], program ?? Executable, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };

        var keep = Kept.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        start.Environment.Clear();
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["PATH"] = Interpreter.SearchPath;
        foreach (var (name, value) in keep.Concat(environment ?? new Dictionary<string, string?>()))
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return new EntrypointProcess(start);
    }

    /// <summary>Starts the executable, gives it the input (none: an empty one), and waits for its end.</summary>
    public static async Task<RunResult> RunAsync(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        IReadOnlyList<string>? wrapper = null,
        string input = "")
    {
        using var process = Start(arguments, environment, workingDirectory, wrapper);
        await process.WriteAsync(input);
        process.CloseInput();
        return await process.WaitAsync();
    }

    /// <summary>Writes to its standard input.</summary>
    public async Task WriteAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until standard output or standard error holds the text, outside of the program's own log lines.</summary>
    public Task WaitForAsync(string text) => WaitForAsync(text, static (stream, text, cancellation) => stream.WaitForAsync(text, cancellation));

    /// <summary>Waits until one of the program's own log lines holds the text.</summary>
    public Task WaitForLogAsync(string text) => WaitForAsync(text, static (stream, text, cancellation) => stream.WaitForLogAsync(text, cancellation));

    private async Task WaitForAsync(string text, Func<TextCollector, string, CancellationToken, Task> wait)
    {
        using var over = new CancellationTokenSource();
        var found = Task.WhenAny(wait(_output, text, over.Token), wait(_error, text, over.Token)).Unwrap();
        await Task.WhenAny(found, Task.WhenAll(_outputClosed.Task, _errorClosed.Task));

        // What was printed last may be there although the end was seen first.
        var late = Task.WhenAny(wait(_output, text, over.Token), wait(_error, text, over.Token)).Unwrap();
        var isThere = found.IsCompletedSuccessfully || late.IsCompletedSuccessfully;
        await over.CancelAsync();
        Assert.True(isThere, $"'{text}' was never printed.\n--- stdout\n{Output}\n--- stderr\n{Error}");
    }

    /// <summary>Sends a signal to what was started.</summary>
    public void Signal(int signal) => SendSignal(Id, signal);

    /// <summary>Sends a signal to any process; to a whole group where the id is negative. What is gone already is no failure.</summary>
    public static void SendSignal(int processId, int signal) => _ = Posix.Kill(processId, signal);

    /// <summary>Waits for its end, and for the end of its output unless something that it left behind holds that open.</summary>
    public async Task<RunResult> WaitAsync()
    {
        // WaitForExitAsync would wait for the end of the output too, which something that was left behind may hold open.
        if (!await Task.Run(() => _process.WaitForExit(Limit)))
        {
            Kill();
            Assert.Fail($"It did not end within {Limit}.\n--- stdout\n{Output}\n--- stderr\n{Error}");
        }

        await Task.WhenAny(Task.WhenAll(_outputClosed.Task, _errorClosed.Task), Task.Delay(TimeSpan.FromSeconds(2)));
        return new RunResult(_process.ExitCode, Output, Error);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    private static void Add(TextCollector text, string? line, TaskCompletionSource closed)
    {
        if (line is null)
        {
            closed.TrySetResult();
        }
        else
        {
            text.Add(line + "\n");
        }
    }

    private static bool IsExecutable(int processId)
    {
        try
        {
            return new FileInfo($"/proc/{processId}/exe").LinkTarget == Executable;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Locate()
    {
        if (Environment.GetEnvironmentVariable("ENTRYPOINT_EXECUTABLE") is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Entrypoint.sln")))
            {
                return Path.Combine(folder.FullName, "artifacts", "entrypoint");
            }
        }

        throw new InvalidOperationException("Run docker/publish.sh first, or set ENTRYPOINT_EXECUTABLE.");
    }
}

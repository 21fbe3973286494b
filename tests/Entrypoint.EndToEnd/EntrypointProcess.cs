using System.Diagnostics;
using System.Text;

namespace Entrypoint.EndToEnd;

/// <summary>What a finished run left.</summary>
public sealed record RunResult(int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for messages of failed assertions.</summary>
    public override string ToString() => $"exit code {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}";
}

/// <summary>
/// The published executable (ENTRYPOINT_EXECUTABLE, else artifacts/entrypoint) started as a user would start it, with an environment of
/// its own. Every wait has a limit; a process that is left is killed.
/// </summary>
public sealed class EntrypointProcess : IDisposable
{
    /// <summary>How long anything may take before a test fails. It is no measure of speed: only what hangs gets here.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string[] Kept = ["PATH", "HOME", "TMPDIR"];

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _outputClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    /// <summary>Standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_gate)
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>Starts the executable.</summary>
    /// <param name="environment">Added to a small environment of PATH, HOME, LANG and TMPDIR; a null value removes.</param>
    /// <param name="workingDirectory">Where; null for a temporary folder of the test host.</param>
    /// <param name="wrapper">A program and its arguments in front of the executable, such as <c>unshare --pid --fork</c>.</param>
    public static EntrypointProcess Start(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        IReadOnlyList<string>? wrapper = null)
    {
        string[] line = [.. wrapper ?? [], Executable, .. arguments];
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

    /// <summary>Waits until standard output or standard error holds the text.</summary>
    public async Task WaitForAsync(string text)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_output.ToString().Contains(text, StringComparison.Ordinal) || _error.ToString().Contains(text, StringComparison.Ordinal))
                {
                    return;
                }

                more = _more.Task;
            }

            var ended = Task.WhenAll(_outputClosed.Task, _errorClosed.Task);
            if (await Task.WhenAny(more, ended, Task.Delay(Limit)) == ended || deadline.Elapsed > Limit)
            {
                lock (_gate)
                {
                    Assert.True(
                        _output.ToString().Contains(text, StringComparison.Ordinal) || _error.ToString().Contains(text, StringComparison.Ordinal),
                        $"'{text}' was never printed.\n--- stdout\n{_output}\n--- stderr\n{_error}");
                }

                return;
            }
        }
    }

    /// <summary>Sends a signal to what was started.</summary>
    public void Signal(int signal) => SendSignal(Id, signal);

    /// <summary>Sends a signal to any process.</summary>
    public static void SendSignal(int processId, int signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", "--", $"{processId}"]);
        kill.WaitForExit();
    }

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

    private void Add(StringBuilder text, string? line, TaskCompletionSource closed)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            if (line is null)
            {
                closed.TrySetResult();
            }
            else
            {
                text.Append(line).Append('\n');
            }

            more = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.TrySetResult();
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

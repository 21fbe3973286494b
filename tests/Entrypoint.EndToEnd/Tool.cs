using System.Diagnostics;
using System.Text;

namespace Entrypoint.EndToEnd;

/// <summary>Programs that a test needs besides the executable, run to their end with the test host's own environment.</summary>
public static class Tool
{
    /// <summary>Runs a program, and returns what it left, whatever it ended with.</summary>
    /// <param name="limit">How long it may take; null for <see cref="EntrypointProcess.Limit"/>.</param>
    public static async Task<RunResult> TryRunAsync(
        string program, IEnumerable<string> arguments, string? workingDirectory = null, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var late = new CancellationTokenSource(limit ?? EntrypointProcess.Limit);
        var output = process.StandardOutput.ReadToEndAsync(late.Token);
        var error = process.StandardError.ReadToEndAsync(late.Token);
        try
        {
            await process.WaitForExitAsync(late.Token);
            return new RunResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {limit ?? EntrypointProcess.Limit}.");
        }
    }

    /// <summary>Runs a program that must end with 0, and returns its standard output.</summary>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, string? workingDirectory = null, TimeSpan? limit = null)
    {
        string[] words = [.. arguments];
        var result = await TryRunAsync(program, words, workingDirectory, limit);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', words)}: {result}");
    }
}

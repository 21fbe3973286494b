using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace Entrypoint.EndToEnd;

/// <summary>Programs that a test needs besides the executable, run to their end with the test host's own environment.</summary>
public static class Tool
{
    /// <summary>Runs a program, and returns what it left, whatever it ended with.</summary>
    /// <param name="limit">How long it may take; null for <see cref="EntrypointProcess.Limit"/>.</param>
    public static async Task<RunResult> TryRunAsync(
        string program, IEnumerable<string> arguments, string? workingDirectory = null, TimeSpan? limit = null)
    {
        string[] words = [.. arguments];
        using var late = new CancellationTokenSource(limit ?? EntrypointProcess.Limit);
        try
        {
            var result = await Cli.Wrap(program)
                .WithArguments(words)
                .WithWorkingDirectory(workingDirectory ?? Path.GetTempPath())
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.UTF8, late.Token)
                .ConfigureAwait(false);
            return new RunResult(result.ExitCode, result.StandardOutput, result.StandardError);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{program} {string.Join(' ', words)} did not end within {limit ?? EntrypointProcess.Limit}.");
        }
    }

    /// <summary>Runs a program that must end with 0, and returns its standard output.</summary>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, string? workingDirectory = null, TimeSpan? limit = null)
    {
        string[] words = [.. arguments];
        var result = await TryRunAsync(program, words, workingDirectory, limit).ConfigureAwait(false);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', words)}: {result}");
    }
}

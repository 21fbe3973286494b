using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>Where the output of a child goes.</summary>
internal enum ChildOutput
{
    /// <summary>Standard output and standard error are this program's own; but <see cref="Shown"/> where secrets are known that must be masked.</summary>
    Inherited,

    /// <summary>Both are read and kept (<see cref="ProcessResult"/>), and not shown.</summary>
    Captured,

    /// <summary>Both are shown as they come, without secrets, each on its own stream, and the last part is kept to find the reason of a failure.</summary>
    Shown,
}

/// <summary>A program to run as a step: fetching and preparing. Its standard input is <see cref="Input"/>, or empty.</summary>
/// <param name="Program">A full path.</param>
/// <param name="Arguments">What follows the program's name, byte for byte (<see cref="OsText"/>).</param>
/// <param name="Environment">All of its variables.</param>
internal sealed record ProcessCommand(string Program, ImmutableArray<string> Arguments, ProcessEnvironment Environment)
{
    /// <summary>The folder it runs in; null for this program's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Where its output goes.</summary>
    public ChildOutput Output { get; init; } = ChildOutput.Captured;

    /// <summary>What it reads from standard input (a password, for instance); null for an empty input.</summary>
    public byte[]? Input { get; init; }

    /// <summary>Called with each line of standard error as it comes (progress, ended by CR or LF), on some thread; for captured output.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>
    /// Ends the child when it has printed nothing for so long (<see cref="ProcessResult.Silent"/>); null for no such limit.
    /// For captured output.
    /// </summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>
    /// Asked when <see cref="SilenceLimit"/> has passed: a number that changes as long as the child gets on (the size of what it has
    /// fetched so far). Where it has changed since the last time, the limit begins anew.
    /// </summary>
    public Func<long>? Activity { get; init; }

    /// <summary>Program and arguments, as they are shown and reported. Secrets do not belong in either.</summary>
    public ImmutableArray<string> CommandLine => [Program, .. Arguments];
}

/// <summary>What came of a <see cref="ProcessCommand"/>.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Output">Standard output (captured), or the last part of both streams (shown), as UTF-8; empty when inherited.</param>
/// <param name="Error">Standard error (captured); else empty.</param>
internal sealed record ProcessResult(ExitStatus Status, string Output, string Error)
{
    /// <summary>Whether it was ended because it had been silent for longer than <see cref="ProcessCommand.SilenceLimit"/>.</summary>
    public bool Silent { get; init; }

    /// <summary>Whether it ended with exit code 0.</summary>
    public bool Succeeded => Status.Succeeded;
}

/// <summary>Runs the programs that fetch and prepare, each in a process group of its own, one after another or side by side.</summary>
internal interface IProcessRunner
{
    /// <summary>
    /// Runs a program to its end. When <paramref name="cancellationToken"/> is cancelled, its group is told to stop (with the signal that
    /// this program got, else SIGTERM), and killed after the grace period; only when nothing of the group is left the task ends, with
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <exception cref="EntrypointException">The program cannot be started: 126 or 127, as in a shell.</exception>
    Task<ProcessResult> RunAsync(ProcessCommand command, CancellationToken cancellationToken);
}

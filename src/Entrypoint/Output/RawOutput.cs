using Entrypoint.Linux;

namespace Entrypoint.Output;

/// <summary>
/// The standard streams, as bytes. <see cref="Console"/> is not used anywhere: on a terminal it installs a SIGCHLD handler that reaps
/// children that are not its own, and writes escape codes.
/// </summary>
internal static class RawOutput
{
    public const int StandardOutput = 1;
    public const int StandardError = 2;

    /// <summary>How long the end waits at most for a reader that is slow.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShareLimit = TimeSpan.FromSeconds(1);

    private static readonly Lazy<OutputWriter> _output = new(() => new OutputWriter(Outlet.Of(StandardOutput)));
    private static readonly Lazy<OutputWriter> _error = new(() => AreOne() ? _output.Value : new OutputWriter(Outlet.Of(StandardError)));

    /// <summary>The writer of <see cref="StandardOutput"/> or <see cref="StandardError"/>. Where both are one pipe, both have one.</summary>
    public static OutputWriter Of(int descriptor) => descriptor == StandardError ? _error.Value : _output.Value;

    /// <summary>Writes all of it, and waits until it is taken; false where the reader is gone or the wait was cancelled.</summary>
    public static bool TryWrite(int descriptor, ReadOnlySpan<byte> bytes, CancellationToken cancellationToken) =>
        Of(descriptor).Write(bytes, cancellationToken);

    /// <summary>Waits for the readers at the end, a bounded time.</summary>
    public static void End() => ForEach(writer => writer.Flush(EndLimit));

    /// <summary>
    /// Waits a moment for the readers, so that what a process prints that has these streams too comes after what was written here, and
    /// makes all that is needed to write while it runs.
    /// </summary>
    public static void Share() => ForEach(writer =>
    {
        writer.Prepare();
        writer.Flush(ShareLimit);
    });

    private static void ForEach(Action<OutputWriter> action)
    {
        foreach (var writer in new[] { _output, _error })
        {
            if (writer.IsValueCreated)
            {
                action(writer.Value);
            }
        }
    }

    private static bool AreOne() =>
        FileCalls.Status(StandardOutput) is { Succeeded: true, Value.Kind: not FileKind.File } output
        && FileCalls.Status(StandardError) is { Succeeded: true } error
        && output.Value.Identity == error.Value.Identity;
}

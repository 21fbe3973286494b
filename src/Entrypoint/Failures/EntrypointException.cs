namespace Entrypoint.Failures;

/// <summary>
/// A failure that was foreseen and understood where it was thrown. Its message is one line for the person who runs the job: what was
/// being done, on what, what went wrong, what to do about it. Only <c>Program</c> catches it.
/// </summary>
internal sealed class EntrypointException : Exception
{
    public EntrypointException(ExitCode code, string message)
        : base(message) => Code = code;

    public EntrypointException(ExitCode code, string message, Exception inner)
        : base(message, inner) => Code = code;

    /// <summary>What the program ends with.</summary>
    public ExitCode Code { get; }
}

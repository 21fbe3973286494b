namespace Entrypoint.Failures;

/// <summary>Failures of files and folders that were not foreseen where they happened, as exit code and line.</summary>
internal static class FileFailure
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Whether it is that there is no room left.</summary>
    public static bool IsDiskFull(Exception exception) => exception is IOException { HResult: NoSpaceLeft or QuotaExceeded };

    /// <summary>The failure, or null where the exception is of another kind.</summary>
    public static EntrypointException? Of(Exception exception) => exception switch
    {
        UnauthorizedAccessException => new EntrypointException(ExitCode.NoPermission, $"File permissions: {exception.Message}", exception),
        IOException when IsDiskFull(exception) => new EntrypointException(ExitCode.InputOutput, $"Writing failed, the disk is full: {exception.Message}", exception),
        IOException => new EntrypointException(ExitCode.InputOutput, $"Reading or writing failed: {exception.Message}", exception),
        _ => null,
    };
}

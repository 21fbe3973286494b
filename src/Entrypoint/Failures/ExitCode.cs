namespace Entrypoint.Failures;

/// <summary>
/// What the program itself ends with when it is not the job's own exit code that counts. The numbers up to 78 are those of
/// BSD's <c>sysexits.h</c>; 124, 126 and 127 are those of <c>timeout</c> and of POSIX shells.
/// </summary>
internal enum ExitCode
{
    /// <summary>The job succeeded, or there was nothing to run and all that was asked for is done.</summary>
    Success = 0,

    /// <summary>Options, arguments or environment variables that cannot be read or do not go together.</summary>
    Usage = 64,

    /// <summary>The reference is malformed or unsafe, or an archive is broken or unsafe.</summary>
    DataError = 65,

    /// <summary>The code is not there: path, revision, subdirectory, key, <c>__main__.py</c>, working directory.</summary>
    NoInput = 66,

    /// <summary>A host or a needed program is not available, after the retries.</summary>
    Unavailable = 69,

    /// <summary>A bug in this program.</summary>
    Software = 70,

    /// <summary>A file or folder cannot be made.</summary>
    CannotCreate = 73,

    /// <summary>Reading or writing failed, for example because a disk is full.</summary>
    InputOutput = 74,

    /// <summary>Access denied: password, token, key, or file permissions.</summary>
    NoPermission = 77,

    /// <summary>A preparation step failed.</summary>
    PreparationFailed = 78,

    /// <summary><c>--timeout</c> passed.</summary>
    TimedOut = 124,

    /// <summary>The program to run is there but cannot be executed.</summary>
    CannotExecute = 126,

    /// <summary>The program to run was not found.</summary>
    NotFound = 127,

    /// <summary>Added to the number of the signal that ended the job, or the run before it.</summary>
    SignalBase = 128,
}

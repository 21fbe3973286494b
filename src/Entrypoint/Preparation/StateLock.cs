using System.Globalization;
using System.Text;
using Entrypoint.Processes;
using Microsoft.Win32.SafeHandles;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// Lets one start prepare something while others wait. A kernel lock (<c>flock</c>) on a file that lies beside what it guards: it works
/// between containers that share a volume, and it ends with its holder, however that ends. The file says who holds it, and is empty when
/// nobody does; one that is not empty although the lock is free was left by a holder that was killed.
/// </summary>
internal sealed class StateLock : IDisposable
{
    /// <summary>Set for the programs that run under the lock, so that they can be told when their starter was killed and they were not.</summary>
    public const string Variable = "ENTRYPOINT_PREPARING";

    private const int LongestHolder = 512;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    private readonly SafeFileHandle _file;
    private readonly bool _isWritable;
    private readonly string _token = Guid.NewGuid().ToString("N");

    private StateLock(SafeFileHandle file, bool isWritable) => (_file, _isWritable) = (file, isWritable);

    /// <summary>Takes the lock, after whoever holds it.</summary>
    /// <param name="files">Lock files, best first: the first that can be opened is taken, the same for all under the same conditions.</param>
    /// <param name="instead">A file or folder that is there anyway, to be locked where there can be no lock file; it is not changed.</param>
    /// <exception cref="OperationCanceledException">The wait was interrupted.</exception>
    public static async Task<StateLock?> AcquireAsync(
        IEnumerable<string?> files, string instead, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var path in files.OfType<string>())
        {
            var writable = Native.OpenLockFile(path);
            if ((writable ?? Native.OpenForLock(path)) is { } file)
            {
                return await AcquireAsync(path, file, isWritable: writable is not null, log, time, cancellationToken).ConfigureAwait(false);
            }
        }

        if (Native.OpenForLock(instead) is { } place)
        {
            return await AcquireAsync(instead, place, isWritable: false, log, time, cancellationToken).ConfigureAwait(false);
        }

        log.Debug("There is nothing to lock, not even {Place}", instead);
        return null;
    }

    /// <summary>The environment of a program that runs under the lock.</summary>
    public ProcessEnvironment Mark(ProcessEnvironment environment) => environment.With(Variable, _token);

    /// <summary>Ends what a program that ran under this lock has left running, so that it changes nothing any more.</summary>
    public Task EndLeftoversAsync(TimeProvider time) => LeftoverProcesses.EndAsync(Variable, _token, time);

    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            Write("");
        }

        _file.Dispose();
    }

    private static async Task<StateLock> AcquireAsync(
        string path, SafeFileHandle file, bool isWritable, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await WaitAsync(path, file, log, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            file.Dispose();
            throw;
        }

        if (isWritable && Holder(file) is [var token, var process, ..])
        {
            log.Information("The start that was preparing this environment, pid {HolderPid}, was killed: taking over", process);
            await LeftoverProcesses.EndAsync(Variable, token, time).ConfigureAwait(false);
        }

        var acquired = new StateLock(file, isWritable);
        acquired.WriteHolder(time);
        return acquired;
    }

    private static async Task WaitAsync(string path, SafeFileHandle file, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var polls = 0; !Native.TryLock(file); polls++)
        {
            // Not at the first look: the holder may be about to write who it is.
            if (polls == 1)
            {
                var (process, since, host) = Holder(file) is [_, var id, var begin, var name, ..] ? (id, begin, name) : ("unknown", "before", "unknown");
                log.Information(
                    "Waiting for another start that is preparing this environment, pid {HolderPid} since {Since} (host {HolderHost}, lock {LockFile})",
                    process,
                    since,
                    host,
                    path);
            }

            await Task.Delay(Poll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Token, process id, time and host of the holder; nothing where nobody has written that.</summary>
    private static string[] Holder(SafeFileHandle file)
    {
        try
        {
            var buffer = new byte[LongestHolder];
            var length = RandomAccess.Read(file, buffer, 0);
            return Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException or UnauthorizedAccessException)
        {
            // A folder.
            return [];
        }
    }

    private void WriteHolder(TimeProvider time)
    {
        var since = time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        Write($"{_token}\n{Environment.ProcessId}\n{since}\n{Environment.MachineName}\n");
    }

    private void Write(string text)
    {
        if (!_isWritable)
        {
            return;
        }

        try
        {
            RandomAccess.SetLength(_file, 0);
            RandomAccess.Write(_file, Encoding.UTF8.GetBytes(text), 0);
        }
        catch (IOException)
        {
            // A full disk: the lock holds all the same, only its holder has no name.
            return;
        }
    }
}

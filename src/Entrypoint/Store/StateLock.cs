using System.Globalization;
using System.Text;
using Entrypoint.Linux;
using Microsoft.Win32.SafeHandles;
using Serilog;

namespace Entrypoint.Store;

/// <summary>
/// Lets one start prepare something while others wait. A kernel lock (<c>flock</c>) on a file that lies beside what it guards: it works
/// between containers that share a volume, and it ends with its holder, however that ends. The file says who holds it, and is removed at
/// the end; one that says so although the lock is free was left by a holder that was killed.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const int LongestHolder = 512;

    private const int MostRemovals = 20;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    /// <summary>How often it is said who is waited for.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private readonly SafeFileHandle _file;
    private readonly string? _ownPath;

    /// <param name="ownPath">The lock file; null where something else is locked.</param>
    private StateLock(SafeFileHandle file, string? ownPath) => (_file, _ownPath) = (file, ownPath);

    /// <summary>
    /// Takes the lock, after whoever holds it. Null where there is nothing to lock, or nothing can be locked there: then several may
    /// prepare the same at the same time.
    /// </summary>
    /// <param name="files">Lock files, best first: the first that can be opened is taken, the same for all under the same conditions.</param>
    /// <param name="fallback">A file or folder that is there anyway, to be locked where there can be no lock file; it is not changed.</param>
    /// <exception cref="OperationCanceledException">The wait was interrupted.</exception>
    public static async Task<StateLock?> AcquireAsync(IEnumerable<string?> files, string fallback, StoreContext context, CancellationToken cancellationToken)
    {
        foreach (var path in files.OfType<string>())
        {
            for (var atOnce = 0; FileCalls.OpenLockFile(path, Rights.OfFileIn(Path.GetDirectoryName(path)!)) is { Succeeded: true, Value: var file };)
            {
                if (await WaitAsync(path, file, context, cancellationToken).ConfigureAwait(false) is not { } hasWaited)
                {
                    return null;
                }

                // Some file systems give a file another number each time: a lock that was free so often is taken as it is.
                atOnce = hasWaited ? 0 : atOnce + 1;
                if (FileCalls.IsStillAt(file, path) || atOnce > MostRemovals)
                {
                    return await TakeOverAsync(path, file, context).ConfigureAwait(false);
                }

                // The one before has removed it at its end.
                file.Dispose();
            }

            if (await LockAsItIsAsync(path, context, cancellationToken).ConfigureAwait(false) is { } locked)
            {
                return locked;
            }
        }

        if (await LockAsItIsAsync(fallback, context, cancellationToken).ConfigureAwait(false) is { } taken)
        {
            return taken;
        }

        context.Log.Debug("There is nothing to lock, not even {Place}", fallback);
        return null;
    }

    /// <summary>Removes a lock file that nobody holds: a start that was killed just before it would have done so has left it.</summary>
    public static void RemoveAbandoned(string path)
    {
        if (FileCalls.OpenExisting(path, forWriting: true) is not { Succeeded: true, Value: var file })
        {
            return;
        }

        using (file)
        {
            if (FileCalls.TryLock(file, shared: false) == LockAnswer.Held && FileCalls.IsStillAt(file, path))
            {
                Remove(path);
            }
        }
    }

    public void Dispose()
    {
        if (!_file.IsClosed && _ownPath is not null)
        {
            Write("");
            Remove(_ownPath);
        }

        _file.Dispose();
    }

    private static async Task<StateLock?> LockAsItIsAsync(string path, StoreContext context, CancellationToken cancellationToken) =>
        FileCalls.OpenExisting(path, forWriting: false) is { Succeeded: true, Value: var file }
        && await WaitAsync(path, file, context, cancellationToken).ConfigureAwait(false) is not null
            ? new StateLock(file, ownPath: null)
            : null;

    private static async Task<StateLock> TakeOverAsync(string path, SafeFileHandle file, StoreContext context)
    {
        if (Holder(file) is [var token, var process, ..])
        {
            context.Log.Information("The start that was preparing this environment, pid {HolderPid}, was killed: taking over", process);
            await context.EndAbandonedProcessesAsync(token).ConfigureAwait(false);
        }

        // A share may have no modes.
        _ = FileCalls.ChangeMode((int)file.DangerousGetHandle(), Rights.OfFileIn(Path.GetDirectoryName(path)!));
        var acquired = new StateLock(file, path);
        acquired.WriteHolder(context);
        return acquired;
    }

    /// <summary>
    /// Waits for the lock of an open file, which is closed when the wait is interrupted. False where there was nothing to wait for, null
    /// where there are no locks.
    /// </summary>
    private static async Task<bool?> WaitAsync(string path, SafeFileHandle file, StoreContext context, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        var announced = -Reminder;
        for (var polls = 0; ; polls++)
        {
            switch (FileCalls.TryLock(file, shared: false))
            {
                case LockAnswer.Held:
                    return polls > 0;
                case LockAnswer.NotHere:
                    file.Dispose();
                    context.WarnOfMissingLocks(path);
                    return null;
            }

            // Not at the first look: the holder may be about to write who it is.
            if (polls > 0 && context.Time.GetElapsedTime(start) is var waited && waited - announced >= Reminder)
            {
                announced = waited;
                Announce(path, file, context.Log);
            }

            try
            {
                await Task.Delay(Poll, context.Time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                file.Dispose();
                throw;
            }
        }
    }

    private static void Announce(string path, SafeFileHandle file, ILogger log)
    {
        var (process, since, host) = Holder(file) is [_, var id, var begin, var name, ..] ? (id, begin, name) : ("unknown", "before", "unknown");
        log.Information(
            "Waiting for another start that is preparing this environment, pid {HolderPid} since {Since} (host {HolderHost}, lock {LockFile})",
            process,
            since,
            host,
            path);
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

    private void WriteHolder(StoreContext context)
    {
        var since = context.Time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        Write($"{context.Token}\n{Environment.ProcessId}\n{since}\n{ProcessCalls.HostName()}\n");
    }

    private void Write(string text)
    {
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

    /// <summary>While it is still locked: who waits for it finds that it is gone, and makes a new one.</summary>
    private static void Remove(string path)
    {
        try
        {
            OsFile.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An empty one that stays is as good.
            return;
        }
    }
}

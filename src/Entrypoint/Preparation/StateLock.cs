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
    /// <param name="candidates">Files to lock, best first: the first that can be opened is taken, the same for all under the same conditions.</param>
    /// <exception cref="OperationCanceledException">The wait was interrupted.</exception>
    public static async Task<StateLock?> AcquireAsync(IEnumerable<string> candidates, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var candidate in candidates)
        {
            if (Native.OpenForLock(candidate, out var isWritable) is { } file)
            {
                try
                {
                    return await AcquireAsync(candidate, file, isWritable, log, time, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception)
                {
                    file.Dispose();
                    throw;
                }
            }
        }

        log.Debug("Nothing can be locked: {Candidates}", candidates);
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
        var waited = false;
        for (var announced = false; !Native.TryLock(file); waited = true)
        {
            if (!announced && waited)
            {
                var (process, since) = Holder(file, isWritable);
                log.Information(
                    "Waiting for another start that is preparing this environment, pid {HolderPid} since {Since} (lock {File})", process, since, path);
                announced = true;
            }

            await Task.Delay(Poll, time, cancellationToken).ConfigureAwait(false);
        }

        if (isWritable && Read(file) is { Length: > 0 } left)
        {
            log.Information("The start that was preparing this environment before ({Holder}) was killed; taking over", left.Replace('\n', ' ').Trim());
            await LeftoverProcesses.EndAsync(Variable, left.Split('\n')[0], time).ConfigureAwait(false);
        }

        var acquired = new StateLock(file, isWritable);
        acquired.WriteHolder(time);
        return acquired;
    }

    private static (string Process, string Since) Holder(SafeFileHandle file, bool isFile)
    {
        var lines = isFile ? Read(file).Split('\n') : [];
        return lines.Length >= 3 ? (lines[1], lines[2]) : ("unknown", "a moment ago");
    }

    private static string Read(SafeFileHandle file)
    {
        var buffer = new byte[LongestHolder];
        var length = RandomAccess.Read(file, buffer, 0);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private void WriteHolder(TimeProvider time)
    {
        var since = time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        Write($"{_token}\n{Environment.ProcessId} on {Environment.MachineName}\n{since}\n");
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

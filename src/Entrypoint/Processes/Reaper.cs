using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// Starts every child, and waits for all of them and for the orphans that this process adopts, in one thread. A child is looked at
/// first and reaped only when no other is being started, so that its number cannot be another's before its status is delivered.
/// </summary>
internal sealed class Reaper
{
    /// <summary>
    /// How long it may take at most until a process that was never ours (<c>docker exec</c>) and became ours while we had no child is
    /// noticed.
    /// </summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Dictionary<int, ChildProcess> _children = [];
    private TaskCompletionSource? _alone;

    /// <summary>Whether a child was started, or somebody began to wait for <see cref="Alone"/>, since the loop last found no child.</summary>
    private bool _changed;

    private Reaper()
    {
    }

    /// <summary>Starts to reap; also adopts orphans, as PID 1 does anyway.</summary>
    public static Reaper Start()
    {
        Native.AdoptOrphans();
        var reaper = new Reaper();
        new Thread(reaper.Loop, maxStackSize: 256 * 1024) { IsBackground = true, Name = "Reaper" }.Start();
        return reaper;
    }

    /// <summary>Starts a child.</summary>
    /// <exception cref="EntrypointException">126 or 127: it cannot be executed, or was not found.</exception>
    public ChildProcess Spawn(ChildStart start, Action<int>? stopped = null)
    {
        lock (_gate)
        {
            var child = new ChildProcess(start.Spawn(), start.Group) { Stopped = stopped };
            _children.Add(child.Id, child);
            Wake();
            return child;
        }
    }

    /// <summary>Ends when this process has no child at all, adopted or started.</summary>
    public Task Alone()
    {
        lock (_gate)
        {
            _alone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Wake();
            return _alone.Task;
        }
    }

    private unsafe void Loop()
    {
        const int AnyChange = Native.WaitExited | Native.WaitStopped | Native.WaitContinued;
        while (true)
        {
            var information = default(Native.ChildInformation);
            if (Native.WaitId(Native.WaitAll, 0, &information, AnyChange | Native.WaitLeave) == 0)
            {
                lock (_gate)
                {
                    Deliver(information);
                }
            }
            else if (Native.LastError == Native.ECHILD)
            {
                WaitForWork();
            }
        }
    }

    private void WaitForWork()
    {
        lock (_gate)
        {
            if (!_changed)
            {
                _alone?.TrySetResult();
                Monitor.Wait(_gate, Idle);
            }

            _changed = false;
        }
    }

    private void Wake()
    {
        _changed = true;
        Monitor.Pulse(_gate);
    }

    private unsafe void Deliver(Native.ChildInformation change)
    {
        _children.TryGetValue(change.ProcessId, out var child);
        if (change.Code is Native.ChildStopped or Native.ChildContinued)
        {
            var kind = change.Code == Native.ChildStopped ? Native.WaitStopped : Native.WaitContinued;
            var taken = default(Native.ChildInformation);
            _ = Native.WaitId(Native.WaitProcess, change.ProcessId, &taken, kind | Native.WaitNoHang);
            if (change.Code == Native.ChildStopped)
            {
                child?.Stop(change.Status);
            }
            else
            {
                child?.Continue();
            }
        }
        else if (_children.Remove(change.ProcessId))
        {
            child!.End(() => Reap(change.ProcessId));
        }
        else
        {
            _ = Reap(change.ProcessId);
        }
    }

    private static unsafe ExitStatus Reap(int processId)
    {
        var status = 0;
        var usage = default(Native.ResourceUsage);
        _ = Native.Wait4(processId, &status, 0, &usage);
        var signal = status & 0x7F;
        return new ExitStatus(signal == 0 ? (status >> 8) & 0xFF : 0, signal == 0 ? null : signal, usage.MaxRssKibibytes * 1024);
    }
}

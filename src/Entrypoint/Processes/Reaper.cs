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
        ProcessCalls.AdoptOrphans();
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

    private void Loop()
    {
        while (true)
        {
            var change = ProcessCalls.WaitForChange();
            if (change.Succeeded)
            {
                lock (_gate)
                {
                    Deliver(change.Value);
                }
            }
            else if (change.Error == Errno.ECHILD)
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

    private void Deliver(ProcessCalls.ChildChange change)
    {
        _children.TryGetValue(change.ProcessId, out var child);
        if (change.Code is ProcessCalls.ChildChange.Stopped or ProcessCalls.ChildChange.Continued)
        {
            var isStopped = change.Code == ProcessCalls.ChildChange.Stopped;
            ProcessCalls.TakeChange(change.ProcessId, isStopped ? ProcessCalls.WaitStopped : ProcessCalls.WaitContinued);
            if (isStopped)
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

    private static ExitStatus Reap(int processId)
    {
        var (status, maxRssKibibytes) = ProcessCalls.Reap(processId).Value;
        var signal = status & 0x7F;
        return new ExitStatus(signal == 0 ? (status >> 8) & 0xFF : 0, signal == 0 ? null : signal, maxRssKibibytes * 1024);
    }
}

using System.Runtime.CompilerServices;
using CliWrap;
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
    private Action? _whenAlone;

    /// <summary>Whether a child was started, or somebody asked for <see cref="WhenAlone"/>, since the loop last found no child.</summary>
    private bool _changed;

    /// <summary>Whether the runtime has to reap what its <c>Process</c> started: it ends the program when somebody else did.</summary>
    private bool _runtimeReaps = true;

    private Reaper()
    {
    }

    /// <summary>Starts to reap; also adopts orphans, as PID 1 does anyway.</summary>
    /// <exception cref="EntrypointException">69: children cannot be waited for, or no thread can be made.</exception>
    public static Reaper Start()
    {
        if (ProcessCalls.TryWait() is var error and not Errno.None)
        {
            throw new EntrypointException(
                ExitCode.Unavailable, $"Cannot wait for processes (waitid): {error.Describe()}. Let the container's seccomp profile allow it.");
        }

        ProcessCalls.AdoptOrphans();
        var reaper = new Reaper();
        WorkThread.Start("Reaper", reaper.Loop);
        return reaper;
    }

    /// <summary>Starts a child.</summary>
    /// <exception cref="EntrypointException">126 or 127: it cannot be executed, or was not found.</exception>
    public ChildProcess Spawn(ChildStart start, ChildWatch watch) => Spawn(start, watch, isJob: false);

    /// <summary>
    /// Starts the last child, the job. From then on the runtime hears of no child's end: that would need its threads, and it would reap the
    /// job together with another child before it was looked at.
    /// </summary>
    /// <exception cref="EntrypointException">As for <see cref="Spawn(ChildStart, ChildWatch)"/>.</exception>
    public ChildProcess SpawnJob(ChildStart start, ChildWatch watch) => Spawn(start, watch, isJob: true);

    /// <summary>Calls back, on a thread that must not be kept, when this process has no child at all, adopted or started.</summary>
    public void WhenAlone(Action alone)
    {
        lock (_gate)
        {
            _whenAlone = alone;
            Wake();
        }
    }

    private ChildProcess Spawn(ChildStart start, ChildWatch watch, bool isJob)
    {
        lock (_gate)
        {
            using var launch = ChildLaunch.Begin(start);

            // Whatever becomes of it: it is there, and has to be waited for.
            var child = new ChildProcess(launch.Task.ProcessId, start.Group, watch);
            _children.Add(child.Id, child);
            Wake();
            _ = TakeFromRuntimeAsync(child, launch.Task);
            if (isJob && !RuntimeFeature.IsDynamicCodeSupported)
            {
                _runtimeReaps = false;
                ProcessCalls.JobRuns();
            }

            launch.Commit();
            return child;
        }
    }

    /// <summary>
    /// Where the runtime has reaped a child before it was looked at: with another that ended at the same moment, or under <c>dotnet run</c>,
    /// where SIGCHLD is the runtime's. What it tells has the signal in the exit code, and knows nothing of the memory.
    /// </summary>
    private async Task TakeFromRuntimeAsync(ChildProcess child, CommandTask<CommandResult> task)
    {
        var result = await task.Task.ConfigureAwait(false);
        lock (_gate)
        {
            if (_children.Remove(child.Id))
            {
                child.End(ExitStatus.OfShellCode(result.ExitCode), () => { });
            }
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
                _whenAlone?.Invoke();
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
        else if (child is null)
        {
            ProcessCalls.Reap(change.ProcessId);
        }
        else if (_runtimeReaps)
        {
            LetRuntimeReap();
        }
        else if (Look(child.Id) is { } status)
        {
            _children.Remove(child.Id);
            child.End(status, () => ProcessCalls.Reap(child.Id));
        }
    }

    /// <summary>
    /// The runtime hears of SIGCHLD only here, when all that there is to know of every child that has ended is known; no thread but this one
    /// ever lets that signal in.
    /// </summary>
    private void LetRuntimeReap()
    {
        var ended = new List<(ChildProcess Child, ExitStatus Status)>();
        foreach (var child in _children.Values)
        {
            if (Look(child.Id) is { } status)
            {
                ended.Add((child, status));
            }
        }

        ended.ForEach(end => _children.Remove(end.Child.Id));
        SignalCalls.RaiseChild();
        ended.ForEach(end => end.Child.End(end.Status, () => WaitUntilReaped(end.Child.Id)));
    }

    /// <summary>How a child has ended; null as long as it has not. Leaves it to be reaped.</summary>
    private static ExitStatus? Look(int processId) => ProcessCalls.LookAtEnd(processId) is var (change, maxRssKibibytes)
        ? change.Code == ProcessCalls.ChildChange.Exited
            ? new ExitStatus(change.Status, null, maxRssKibibytes * 1024)
            : new ExitStatus(0, change.Status, maxRssKibibytes * 1024)
        : null;

    private static void WaitUntilReaped(int processId)
    {
        for (var wait = default(SpinWait); Look(processId) is not null;)
        {
            wait.SpinOnce();
        }
    }
}

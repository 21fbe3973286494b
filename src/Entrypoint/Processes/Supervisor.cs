using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Output;
using Serilog;

namespace Entrypoint.Processes;

/// <summary>
/// Runs steps and then the job, and passes signals on. While fetching and preparing, a signal that asks to end stops the step and the
/// run; once the job has been started every signal is the job's. One lock makes sure that a signal meets either the one or the other.
/// </summary>
internal sealed class Supervisor : IProcessRunner, IDisposable
{
    /// <summary>The grace period where none was given, but one is needed.</summary>
    public static readonly TimeSpan DefaultGracePeriod = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For less it does not pay to give memory back; and by then the job's own start, with which this would compete for a processor, is over.
    /// </summary>
    private static readonly TimeSpan ShortJob = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Reaper _reaper;
    private readonly Secrets _secrets;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _gracePeriod;
    private readonly StopRequest _stop = new();
    private readonly StopMirror _mirror = new();
    private ImmutableList<ChildProcess> _steps = [];
    private JobSupervision? _job;
    private Leftovers? _leftovers;
    private bool _listening = true;

    /// <param name="signals">What <see cref="SignalSource.Listen"/> returned.</param>
    /// <param name="gracePeriod">As it was given; null for the usual.</param>
    /// <param name="secrets">What is masked in what steps print.</param>
    public Supervisor(Action<Action<ReceivedSignal>> signals, TimeSpan? gracePeriod, Secrets secrets, ILogger log, TimeProvider time)
    {
        (_gracePeriod, _secrets, _log, _time) = (gracePeriod, secrets, log, time);
        ThreadReserve.Request();
        _reaper = Reaper.Start();
        signals(OnSignal);
    }

    /// <summary>Cancelled when the run has been asked to stop before the job was started.</summary>
    public CancellationToken Stopping => _stop.Stopping;

    /// <summary>The signal that stopped the run before the job was started; null where none did.</summary>
    public int? StopSignal => _stop.Signal;

    public async Task<ProcessResult> RunAsync(ProcessCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (command.Output == ChildOutput.Inherited)
        {
            RawOutput.Share();
        }

        StepRun step;
        lock (_gate)
        {
            // A signal either came before this and has cancelled the token, or it finds the step.
            cancellationToken.ThrowIfCancellationRequested();
            step = new StepRun(command, start => _reaper.Spawn(start, new ChildWatch(_ => _mirror.ChildStopped(Signals.TerminalStop))), _secrets, _time, cancellationToken);
            _steps = _steps.Add(step.Child);
        }

        try
        {
            var grace = _gracePeriod ?? DefaultGracePeriod;
            return await step.WaitAsync(grace, StepSignal, _stop.Killing, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _steps = _steps.Remove(step.Child);
            }
        }
    }

    /// <summary>Starts the job and waits for its end. Blocks the thread: what comes after the job needs none but this one.</summary>
    /// <exception cref="EntrypointException">126 or 127: the program cannot be executed, or was not found.</exception>
    /// <exception cref="OperationCanceledException">The run has been asked to stop: the job was not started.</exception>
    public JobEnd RunJob(JobCommand command)
    {
        RawOutput.Share();
        ResidentMemory.ForgetPeak();
        ThreadReserve.Close();
        JobSupervision job;
        lock (_gate)
        {
            _stop.Stopping.ThrowIfCancellationRequested();
            job = _job = JobSupervision.Start(command, _reaper, _mirror, _log, _time);
        }

        ResidentMemory.KeepReserve();
        if (!job.EndsWithin(ShortJob))
        {
            ResidentMemory.GiveBack();
        }

        return job.Wait();
    }

    /// <summary>As PID 1: asks the processes that are left to end, and waits for them for a while. The kernel kills the rest.</summary>
    public void EndLeftovers()
    {
        if (Environment.ProcessId == 1)
        {
            var leftovers = new Leftovers(_reaper, _time);
            lock (_gate)
            {
                _job = null;
                _leftovers = leftovers;
            }

            leftovers.EndAll();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _listening = false;
            _stop.Dispose();
        }
    }

    /// <summary>What a step is told to stop with: the signal that came. But bash ignores SIGQUIT, and would go on with the next line.</summary>
    private int StepSignal() => _stop.Signal is { } signal and not Signals.Quit ? signal : Signals.Terminate;

    private void OnSignal(ReceivedSignal signal)
    {
        lock (_gate)
        {
            if (!_listening)
            {
                return;
            }

            if (_leftovers is not null)
            {
                _leftovers.StopWaiting(signal.Number);
            }
            else if (_job is not null)
            {
                _job.Forward(signal);
            }
            else if (Signals.Ends(signal.Number))
            {
                _stop.Add(signal.Number);
            }
            else if (Signals.StopsOnTerminal(signal.Number) || signal.Number is Signals.Continue or Signals.WindowChange)
            {
                // In a session of its own a step ignores the terminal's stop signals.
                _steps.ForEach(step => step.Signal(Signals.StopsOnTerminal(signal.Number) ? Signals.Stop : signal.Number));
            }
        }

        _log.Debug("Received signal {Signal} ({Name})", signal.Number, Signals.Name(signal.Number));
        _mirror.Received(signal.Number);
    }
}

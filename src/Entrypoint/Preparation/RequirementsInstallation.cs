using Entrypoint.Failures;
using Entrypoint.Processes;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// Installs <c>requirements.txt</c> for one interpreter: into its own packages, or into a virtual environment where these belong to the
/// distribution (PEP 668) or cannot be written to.
/// </summary>
/// <param name="contentName">The name of what the dependency files held when the code was fetched, by which what is made is found again.</param>
/// <param name="content">What they hold now.</param>
/// <param name="interpreter">The Python that the job would run with if nothing had to be installed.</param>
/// <param name="environment">Its environment variables.</param>
internal sealed class RequirementsInstallation(
    string contentName, ContentDigest content, string interpreter, ProcessEnvironment environment, StateFolder state, PythonInspection inspection, ILogger log, TimeProvider time)
{
    private readonly Stamps _stamps = new(state, log);
    private readonly InterpreterIdentity _identity = InterpreterIdentity.Of(interpreter);

    private PythonRuntime Own => new(interpreter, environment);

    private string Name => $"{contentName}-{_identity.Name}";

    private VirtualEnvironment NewVirtualEnvironment() => new(state, log, Name);

    /// <summary>What the job runs with, where nothing has changed since the requirements were installed; else null.</summary>
    /// <param name="notBefore">An earlier installation does not count.</param>
    public PythonRuntime? FindUnchanged(DateTimeOffset? notBefore)
    {
        if (content.IsOpen || _stamps.Find(Name, notBefore) is not { } stamp || !stamp.IsValid(content.State))
        {
            return null;
        }

        return stamp.Environment is null ? Own : NewVirtualEnvironment().Find() is { } path ? Within(path) : null;
    }

    /// <summary>What the job runs with if nothing is to be installed now: the virtual environment that was made for it, or the interpreter itself.</summary>
    public PythonRuntime FindPrepared()
    {
        var isOwn = _stamps.Find(Name, notBefore: null) is { Environment: null };
        return !isOwn && NewVirtualEnvironment().Find() is { } path ? Within(path) : Own;
    }

    /// <summary>What the job would run with after an installation. Changes nothing.</summary>
    public async Task<PythonRuntime> PlanAsync(CancellationToken cancellationToken) =>
        await inspection.AskAsync(interpreter, environment, cancellationToken).ConfigureAwait(false) is { } facts && NeedsVirtualEnvironment(facts)
            ? Within(NewVirtualEnvironment() is var virtualEnvironment && virtualEnvironment.Find() is { } path ? path : virtualEnvironment.PlaceOfNew())
            : Own;

    /// <summary>Installs them, and returns what the job runs with.</summary>
    /// <param name="stateLock">The lock on this content, which the caller holds.</param>
    /// <param name="notBefore">What another start has installed since then, while this one waited, is taken.</param>
    /// <exception cref="EntrypointException">78: it failed.</exception>
    public async Task<PythonRuntime> InstallAsync(
        PreparationStep step, string folder, StateLock? stateLock, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        var facts = await inspection.AskAsync(interpreter, environment, cancellationToken).ConfigureAwait(false);
        if (facts is not null && NeedsVirtualEnvironment(facts))
        {
            return await InstallApartAsync(step, folder, facts, stateLock, cancellationToken).ConfigureAwait(false);
        }

        // Other code may share this interpreter.
        var instead = facts?.InstallFolders.FirstOrDefault(Directory.Exists) ?? interpreter;
        using var shared = await StateLock.AcquireAsync([state.ForLock($"python-{_identity.Name}")], instead, log, time, cancellationToken).ConfigureAwait(false);
        if (FindUnchanged(notBefore) is { } done)
        {
            step.IsUnchanged();
            return done;
        }

        _stamps.Remove(Name);
        var marked = shared?.Mark(environment) ?? environment;
        await PipRequirements.InstallAsync(step, interpreter, folder, marked, cancellationToken).ConfigureAwait(false);
        step.IsDone();
        Stamp(null, facts);
        return Own;
    }

    private async Task<PythonRuntime> InstallApartAsync(
        PreparationStep step, string folder, PythonFacts facts, StateLock? stateLock, CancellationToken cancellationToken)
    {
        var virtualEnvironment = NewVirtualEnvironment();
        var found = virtualEnvironment.Find();
        var path = found is not null && Writability.MayWrite(found) ? found : virtualEnvironment.MakePlace();
        var runtime = Within(path);
        step.Is(PipRequirements.Command(runtime.Interpreter));
        _stamps.Remove(Name);
        var complete = false;
        try
        {
            if (VirtualEnvironment.IsComplete(path))
            {
                VirtualEnvironment.Unmark(path);
            }
            else
            {
                await virtualEnvironment.CreateAsync(step, path, interpreter, facts, Mark(environment, stateLock), cancellationToken).ConfigureAwait(false);
            }

            await PipRequirements.InstallAsync(step, runtime.Interpreter, folder, Mark(runtime.Environment, stateLock), cancellationToken).ConfigureAwait(false);
            var own = await inspection.AskAsync(runtime.Interpreter, runtime.Environment, cancellationToken).ConfigureAwait(false);
            VirtualEnvironment.Complete(path);
            complete = true;
            step.IsDone();
            Stamp(virtualEnvironment.Name, own);
            return runtime;
        }
        finally
        {
            if (!complete)
            {
                await (stateLock?.EndLeftoversAsync(time) ?? Task.CompletedTask).ConfigureAwait(false);
                VirtualEnvironment.Remove(path);
            }
        }
    }

    private PythonRuntime Within(string path) => new(VirtualEnvironment.Interpreter(path), VirtualEnvironment.Activate(path, environment));

    private bool NeedsVirtualEnvironment(PythonFacts facts) =>
        (facts.IsExternallyManaged && !IsTrue(environment["PIP_BREAK_SYSTEM_PACKAGES"])) || !facts.TakesPackages;

    /// <summary>Writes down that they are installed; of a Python that does not say where, nobody could tell later.</summary>
    private void Stamp(string? virtualEnvironment, PythonFacts? facts)
    {
        if (facts is not null)
        {
            _stamps.Write(Name, new Stamp(content.State, virtualEnvironment, [.. facts.PackageFolders.Select(PackageFolder.Look)]));
        }
    }

    private static ProcessEnvironment Mark(ProcessEnvironment environment, StateLock? stateLock) => stateLock?.Mark(environment) ?? environment;

    private static bool IsTrue(string? value) => value?.ToLowerInvariant() is "1" or "true" or "yes" or "on" or "y" or "t";
}

using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>
/// Installs the packages of one source for one interpreter: into its own packages, or into a virtual environment where these belong to the
/// distribution (PEP 668) or cannot be written to.
/// </summary>
/// <param name="runtime">What the job would run with if nothing had to be installed.</param>
internal sealed class PackageInstallation(PreparationTools tools, PreparedCode code, IPackageSource source, PythonRuntime runtime)
{
    private readonly Stamps _stamps = new(tools.State, tools.Log);
    private readonly InterpreterIdentity _identity = InterpreterIdentity.Of(runtime.Interpreter);

    private string Name => $"{code.First.Name}-{_identity.Name}";

    private VirtualEnvironment NewVirtualEnvironment() => new(tools.State, tools.Log, Name);

    /// <summary>What the job runs with, where nothing has changed since the requirements were installed; else null.</summary>
    /// <param name="notBefore">An earlier installation does not count.</param>
    public PythonRuntime? FindUnchanged(DateTimeOffset? notBefore)
    {
        if (code.Content.IsOpen || _stamps.Find(Name, notBefore) is not { } stamp || !stamp.IsValid(code.Content.State))
        {
            return null;
        }

        return stamp.Environment is null ? runtime : NewVirtualEnvironment().Find() is { } path ? Within(path) : null;
    }

    /// <summary>What the job runs with if nothing is to be installed now: the virtual environment that was made for it, or the interpreter itself.</summary>
    public PythonRuntime FindPrepared()
    {
        var isOwn = _stamps.Find(Name, notBefore: null) is { Environment: null };
        return !isOwn && NewVirtualEnvironment().Find() is { } path ? Within(path) : runtime;
    }

    /// <summary>What the job would run with after an installation. Changes nothing.</summary>
    public async Task<PythonRuntime> PlanAsync(CancellationToken cancellationToken) =>
        await AskAsync(runtime, cancellationToken).ConfigureAwait(false) is { } facts && NeedsVirtualEnvironment(facts)
            ? Within(NewVirtualEnvironment() is var virtualEnvironment && virtualEnvironment.Find() is { } path ? path : virtualEnvironment.PlaceOfNew())
            : runtime;

    /// <summary>Installs them, and returns what the job runs with.</summary>
    /// <exception cref="EntrypointException">78: it failed.</exception>
    public async Task<PythonRuntime> InstallAsync(StepProgress progress, CancellationToken cancellationToken)
    {
        var facts = await AskAsync(runtime, cancellationToken).ConfigureAwait(false);
        if (facts is not null && NeedsVirtualEnvironment(facts))
        {
            return await InstallApartAsync(progress, facts, cancellationToken).ConfigureAwait(false);
        }

        // Other code may share this interpreter.
        var instead = facts?.InstallFolders.FirstOrDefault(Directory.Exists) ?? runtime.Interpreter;
        using var shared = await StateLock.AcquireAsync(
            [tools.State.ForLock($"python-{_identity.Name}")], instead, tools.Log, tools.Time, cancellationToken).ConfigureAwait(false);
        if (FindUnchanged(tools.NotBefore) is { } done)
        {
            progress.MarkUnchanged();
            return done;
        }

        _stamps.Remove(Name);
        var environment = tools.WithHome(runtime.Environment);
        await InstallAsync(runtime, null, shared?.Mark(environment) ?? environment, facts, progress, cancellationToken).ConfigureAwait(false);
        progress.MarkDone();
        Stamp(null, facts);
        return runtime;
    }

    private async Task<PythonRuntime> InstallApartAsync(StepProgress progress, PythonFacts facts, CancellationToken cancellationToken)
    {
        var virtualEnvironment = NewVirtualEnvironment();
        var found = virtualEnvironment.Find();
        var path = found is not null && Writability.MayWrite(found) ? found : virtualEnvironment.MakePlace();
        var within = Within(path);
        progress.ShowCommand(source.Command(within.Interpreter));
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
                var environment = tools.Lock.Mark(tools.WithHome(runtime.Environment));
                await virtualEnvironment.CreateAsync(progress, path, runtime.Interpreter, facts, environment, cancellationToken).ConfigureAwait(false);
            }

            await InstallAsync(within, path, tools.Lock.Mark(tools.WithHome(within.Environment)), facts, progress, cancellationToken).ConfigureAwait(false);
            var own = await AskAsync(within, cancellationToken).ConfigureAwait(false);
            VirtualEnvironment.Complete(path);
            complete = true;
            progress.MarkDone();
            Stamp(virtualEnvironment.Name, own);
            return within;
        }
        finally
        {
            if (!complete)
            {
                await tools.Lock.EndLeftoversAsync().ConfigureAwait(false);
                VirtualEnvironment.Remove(path);
            }
        }
    }

    private Task InstallAsync(
        PythonRuntime into, string? virtualEnvironment, ProcessEnvironment environment, PythonFacts? facts, StepProgress progress, CancellationToken cancellationToken) =>
        source.InstallAsync(new PackageTarget(into.Interpreter, virtualEnvironment, environment, code.Files.Folder, facts), progress, cancellationToken);

    private Task<PythonFacts?> AskAsync(PythonRuntime of, CancellationToken cancellationToken) =>
        tools.Inspection.AskAsync(of.Interpreter, tools.WithHome(of.Environment), cancellationToken);

    private PythonRuntime Within(string path) => new(VirtualEnvironment.Activate(path, runtime.Environment), VirtualEnvironment.Interpreter(path));

    private bool NeedsVirtualEnvironment(PythonFacts facts) =>
        source.IsAlwaysApart || (facts.IsExternallyManaged && !IsTrue(runtime.Environment["PIP_BREAK_SYSTEM_PACKAGES"])) || !facts.TakesPackages;

    /// <summary>Writes down that they are installed; of a Python that does not say where, nobody could tell later.</summary>
    private void Stamp(string? virtualEnvironment, PythonFacts? facts)
    {
        if (facts is not null)
        {
            _stamps.Write(Name, new Stamp(code.Content.State, virtualEnvironment, [.. facts.PackageFolders.Select(PackageFolder.Look)]));
        }
    }

    private static bool IsTrue(string? value) => value?.ToLowerInvariant() is "1" or "true" or "yes" or "on" or "y" or "t";
}

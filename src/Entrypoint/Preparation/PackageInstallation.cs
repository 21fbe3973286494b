using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>
/// Installs the packages of one source for one interpreter: into its own packages, or into a virtual environment where these belong to the
/// distribution (PEP 668), cannot be written to, or are those of a named conda environment.
/// </summary>
/// <param name="runtime">What the job would run with if nothing had to be installed.</param>
/// <param name="facts">Of its Python; null where it does not tell. Then nothing is ever known to be unchanged.</param>
internal sealed class PackageInstallation(
    PreparationTools tools, PreparedCode code, IPackageSource source, PythonRuntime runtime, PythonFacts? facts)
{
    private VirtualEnvironments VirtualEnvironments => tools.VirtualEnvironments;

    private OwnPackages Own => new(tools, code, runtime, facts!);

    private bool Hold => !tools.Options.DryRun;

    /// <summary>What the job runs with, where nothing has changed since the packages were installed; else null.</summary>
    public PythonRuntime? FindUnchanged() =>
        facts is null || code.Content.HasUnknownParts ? null
        : !source.IsAlwaysApart && Own.IsUnchanged(Hold) ? runtime
        : VirtualEnvironments.Find(KeyOf(code.Content), evenChanged: false, Hold) is { } path ? Within(path)
        : null;

    /// <summary>What an earlier preparation made for the job to run with; null where there is nothing.</summary>
    public PythonRuntime? FindPrepared() =>
        facts is null ? null
        : !source.IsAlwaysApart && Own.IsPrepared(Hold) ? runtime
        : VirtualEnvironments.Find(KeyOf(code.Content), evenChanged: true, Hold) is { } path ? Within(path)
        : null;

    /// <summary>Checks what can be told before anything is made or installed. Changes nothing.</summary>
    /// <exception cref="EntrypointException">78: it cannot be installed.</exception>
    public void Require()
    {
        source.Require(facts, runtime.Interpreter);
        if (facts is null && source is { IsAlwaysApart: true, InstallsNothing: false } && ProgramPath.IsExecutableFile(runtime.Interpreter))
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{source.Name} could not be applied: no virtual environment can be made with {runtime.Interpreter}, which does not answer as a Python 3 does. Choose another with --python.");
        }
    }

    /// <summary>What the job would run with after an installation. Changes nothing.</summary>
    public PythonRuntime Plan() => NeedsVirtualEnvironment ? Within(VirtualEnvironments.ExpectedPlace(KeyOf(code.Content))) : runtime;

    /// <summary>Removes what is superseded and held by nobody.</summary>
    public Task RemoveSupersededAsync() =>
        facts is null || tools.Options.DryRun ? Task.CompletedTask : VirtualEnvironments.RemoveUnnamedAsync(KeyOf(code.Content));

    /// <summary>Installs them, and returns what the job runs with.</summary>
    /// <exception cref="EntrypointException">78: it failed; 73 or 74: the place for a virtual environment.</exception>
    public async Task<PythonRuntime> InstallAsync(StepProgress progress, CancellationToken cancellationToken)
    {
        if (facts is null && source.IsAlwaysApart)
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{source.Name} could not be applied: {runtime.Interpreter} does not answer as a Python, so that no virtual environment can be made of it. Choose another one with --python.");
        }

        if (NeedsVirtualEnvironment)
        {
            return await InstallApartAsync(progress, cancellationToken).ConfigureAwait(false);
        }

        // Other code may share this interpreter.
        var fallback = facts?.InstallFolders.FirstOrDefault(OsFile.IsFolder) ?? runtime.Interpreter;
        using var shared = runtime.Conda is null
            ? await StateLock.AcquireAsync(
                [tools.State.LockFile($"python-{facts?.Identity ?? Fingerprint.Of(runtime.Interpreter)}")], fallback, tools.Store, cancellationToken).ConfigureAwait(false)
            : null;
        if (FindUnchanged() is { } done)
        {
            progress.MarkUnchanged();
            return done;
        }

        if (facts is null)
        {
            await source.InstallAsync(Target(runtime, null, tools.WithHome(runtime.Environment)), progress, cancellationToken).ConfigureAwait(false);
            return runtime;
        }

        await Own.InstallAsync(environment => source.InstallAsync(Target(runtime, null, environment), progress, cancellationToken)).ConfigureAwait(false);
        return runtime;
    }

    private async Task<PythonRuntime> InstallApartAsync(StepProgress progress, CancellationToken cancellationToken)
    {
        if (Pip.PlacesSetIn(runtime.Environment) is { Length: > 0 } places)
        {
            tools.Log.Information(
                "{Places} does not count for the virtual environment that the packages go into", places.Replace('\n', ' '));
        }

        var build = await VirtualEnvironments.BeginAsync(KeyOf(code.Content), code.IsForThisRun).ConfigureAwait(false);
        try
        {
            var within = Within(build.Path);
            progress.ShowCommand(source.Command(within.Interpreter));
            await VirtualEnvironments.CreateAsync(
                progress, build.Path, runtime.Interpreter, facts!, tools.Store.Mark(tools.WithHome(runtime.Environment)), cancellationToken).ConfigureAwait(false);
            var environment = Pip.Into(tools.Store.Mark(tools.WithHome(within.Environment)), Path.Combine(build.Path, "src"));
            await source.InstallAsync(Target(within, build.Path, environment), progress, cancellationToken).ConfigureAwait(false);
            VirtualEnvironments.Name(build, KeyOf(code.First));
            await RemoveSupersededAsync().ConfigureAwait(false);
            return within;
        }
        finally
        {
            await build.DiscardAsync().ConfigureAwait(false);
        }
    }

    private PackageTarget Target(PythonRuntime into, string? virtualEnvironment, ProcessEnvironment environment) =>
        new(into.Interpreter, virtualEnvironment, environment, code.Files.Folder, tools.Temporary, facts);

    private PythonRuntime Within(string path) =>
        new(VirtualEnvironments.Activate(path, runtime.Environment), VirtualEnvironments.Interpreter(path));

    /// <summary>What a virtual environment is made of: the content, the interpreter, and the packages below it.</summary>
    private string KeyOf(ContentDigest content) =>
        $"{content.Name}-{Fingerprint.Of($"{source.Name}\n{facts!.Identity}\n{PackageFolder.Digest(facts.PackageFolders)}")}";

    private bool NeedsVirtualEnvironment =>
        facts is not null
        && (source.IsAlwaysApart
            || (facts.IsExternallyManaged && !IsTrue(runtime.Environment["PIP_BREAK_SYSTEM_PACKAGES"]))
            || !facts.TakesPackages
            || runtime.Conda is { Unfinished: null });

    private static bool IsTrue(string? value) => value?.ToLowerInvariant() is "1" or "true" or "yes" or "on" or "y" or "t";
}

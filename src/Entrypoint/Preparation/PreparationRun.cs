using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Processes;
using Entrypoint.Sources;

namespace Entrypoint.Preparation;

/// <summary>The preparation of one code tree, from its files to what its job runs with.</summary>
internal sealed class PreparationRun : IDisposable
{
    private readonly PreparationTools _tools;
    private readonly PreparationRecord _record;
    private readonly CodeTree _tree;
    private readonly CancellationToken _cancellation;
    private readonly DependencyFiles _files;
    private readonly ContentDigest _content;
    private readonly CondaEnvironment _conda;
    private readonly PreparationStep? _environmentStep;
    private readonly PreparationStep? _setupStep;
    private PreparationStep? _requirementsStep;
    private StateLock? _lock;
    private bool _locked;

    public PreparationRun(PreparationTools tools, CodeTree tree, PreparationRecord record, CancellationToken cancellationToken)
    {
        (_tools, _tree, _record, _cancellation) = (tools, tree, record, cancellationToken);
        _files = DependencyFiles.Find(tree);
        _content = ContentDigest.Of(_files, tools.Inherited);
        _conda = tools.NewCondaEnvironment(_content);

        // Each step whose file is there is in the record from the start, so that none is missing when an earlier one fails.
        _environmentStep = Step(_files.Environment, () => _conda.Command(_conda.Find(null) ?? _conda.PlaceOfNew(), _files.Environment!));
        _setupStep = Step(_files.Setup, () => SetupScript.Command);
        _requirementsStep = Step(_files.Requirements, () => PipRequirements.Command(tools.Options.Python ?? "python"));
    }

    private Options Options => _tools.Options;

    /// <summary>Applies the files, and returns what the job runs with.</summary>
    public async Task<PythonRuntime> PrepareAsync()
    {
        _tools.Log.Information("Searching requirements at path {Path}", _tree.Main);
        var prefix = _environmentStep is null ? null : await AttemptAsync(_environmentStep, () => ApplyEnvironmentAsync(_environmentStep)).ConfigureAwait(false);
        var environment = await ActivateAsync(prefix).ConfigureAwait(false);
        if (_setupStep is not null)
        {
            await AttemptAsync(_setupStep, () => ApplySetupAsync(_setupStep, environment)).ConfigureAwait(false);
        }

        var content = LookAgain();
        if (Options.Mode == RunMode.RequirementsOnly && _requirementsStep is null)
        {
            // Nothing here needs a Python, and the image may get one later.
            return new PythonRuntime("python", environment);
        }

        var runtime = await FoundAsync(new PythonRuntime(FindInterpreter(prefix, environment), environment)).ConfigureAwait(false);
        if (_requirementsStep is null)
        {
            return runtime;
        }

        _requirementsStep.Is(PipRequirements.Command(runtime.Interpreter));
        var installed = await AttemptAsync(_requirementsStep, () => ApplyRequirementsAsync(_requirementsStep, content, runtime)).ConfigureAwait(false);
        return installed is null ? runtime : await FoundAsync(WithHomeOf(runtime, installed)).ConfigureAwait(false);
    }

    /// <summary>Applies nothing, and returns what an earlier preparation made.</summary>
    public async Task<PythonRuntime> ReuseAsync()
    {
        var prefix = _files.Environment is null ? null : await FindPreparedAsync().ConfigureAwait(false);
        if (_files.Environment is { } name && prefix is null)
        {
            _tools.Log.Warning(
                "The conda environment of {File} has not been prepared, so the code runs in the environment that is there. To prepare it, run entrypoint --requirements-only with the same code before.",
                _files.PathOf(name));
        }

        var environment = await ActivateAsync(prefix).ConfigureAwait(false);
        var runtime = new PythonRuntime(FindInterpreter(prefix, environment), environment);
        return await FoundAsync(_files.Requirements is null ? runtime : _tools.NewInstallation(_content, _content, runtime).FindPrepared()).ConfigureAwait(false);
    }

    public void Dispose() => _lock?.Dispose();

    /// <summary>The conda environment that was made before, or is being made by another start right now, which is waited for.</summary>
    private async Task<string?> FindPreparedAsync()
    {
        if (_conda.Find(notBefore: null) is null && _conda.FindIncomplete() is { } incomplete)
        {
            using var other = await StateLock.AcquireAsync(
                [_conda.LockFile(incomplete)], _tree.Folder, _tools.Log, _tools.Time, _cancellation).ConfigureAwait(false);
        }

        return _conda.Find(notBefore: null);
    }

    private PreparationStep? Step(string? name, Func<ImmutableArray<string>> command) =>
        name is null ? null : PreparationStep.Add(_record, name, command(), _tools.Runner, _tools.Log, _tools.Time);

    private async Task<string> ApplyEnvironmentAsync(PreparationStep step)
    {
        if (_conda.Find(_tools.NotBefore) is { } before)
        {
            step.IsUnchanged();
            return before;
        }

        var prefix = _conda.MakePlace();
        await LockAsync().ConfigureAwait(false);
        if (_conda.Find(_tools.NotBefore) is { } meanwhile)
        {
            step.IsUnchanged();
            return meanwhile;
        }

        step.Is(_conda.Command(prefix, _files.Environment!));
        _tools.Log.Information("Installing conda environment from {File}", _files.PathOf(_files.Environment!));
        await _conda.BuildAsync(step, prefix, _files, _tools.WithHome(_tools.Inherited), _lock, _tools.Time, _cancellation).ConfigureAwait(false);
        step.IsDone();
        return prefix;
    }

    private async Task<string> ApplySetupAsync(PreparationStep step, ProcessEnvironment environment)
    {
        await LockAsync().ConfigureAwait(false);
        _tools.Log.Information("Running setup from {File}", _files.PathOf(DependencyFiles.SetupName));
        await SetupScript.RunAsync(step, _files.Folder, environment, _cancellation).ConfigureAwait(false);
        step.IsDone();
        return step.Name;
    }

    private async Task<PythonRuntime> ApplyRequirementsAsync(PreparationStep step, ContentDigest content, PythonRuntime runtime)
    {
        var installation = _tools.NewInstallation(_content, content, runtime with { Environment = _tools.WithHome(runtime.Environment) });
        var done = installation.FindUnchanged(_tools.NotBefore);
        if (done is null)
        {
            await LockAsync().ConfigureAwait(false);
            done = installation.FindUnchanged(_tools.NotBefore);
        }

        if (done is not null)
        {
            step.IsUnchanged();
            return done;
        }

        _tools.Log.Information("Installing requirements from {File}", _files.PathOf(DependencyFiles.RequirementsName));
        return await installation.InstallAsync(step, _files.Folder, _lock, _tools.NotBefore, _cancellation).ConfigureAwait(false);
    }

    /// <summary>setup.sh may have written requirements.txt, or changed it.</summary>
    private ContentDigest LookAgain()
    {
        if (_setupStep is null)
        {
            return _content;
        }

        var files = DependencyFiles.Find(_tree);
        _requirementsStep ??= Step(files.Requirements, () => PipRequirements.Command(Options.Python ?? "python"));
        return ContentDigest.Of(files, _tools.Inherited);
    }

    private Task<ProcessEnvironment> ActivateAsync(string? prefix) => prefix is null
        ? Task.FromResult(_tools.Inherited)
        : _tools.Activation.ActivateAsync(prefix, _conda.ShownName(prefix), _tools.Inherited, _cancellation);

    /// <summary>The environment's own Python; where it was made without one, the usual one.</summary>
    /// <exception cref="EntrypointException">126 or 127: none.</exception>
    private string FindInterpreter(string? prefix, ProcessEnvironment environment)
    {
        var own = prefix is null ? null : Path.Combine(prefix, "bin", "python");
        if (own is null || new FileInfo(own) is { Exists: false, LinkTarget: null })
        {
            return PythonInterpreter.Find(Options, environment);
        }

        return ProgramPath.IsExecutableFile(own)
            ? own
            : throw new EntrypointException(
                ExitCode.CannotExecute, $"Cannot run the code with {own} of its conda environment: this user may not execute it. Prepare the environment again as this user (--refresh).");
    }

    /// <summary>The home that pip was given is not the job's.</summary>
    private static PythonRuntime WithHomeOf(PythonRuntime before, PythonRuntime after) => before.Environment["HOME"] is { } home
        ? after with { Environment = after.Environment.With("HOME", home) }
        : after with { Environment = after.Environment.Without("HOME") };

    /// <summary>Writes down which Python it is.</summary>
    private async Task<PythonRuntime> FoundAsync(PythonRuntime runtime)
    {
        _record.PythonExecutable = runtime.Interpreter;
        _record.PythonVersion = Options.ReportFile is null ? null : await _tools.VersionAsync(runtime, _cancellation).ConfigureAwait(false);
        return runtime;
    }

    /// <summary>Takes the lock on what this content is prepared into, if this run has not got it yet.</summary>
    private async Task LockAsync()
    {
        if (!_locked)
        {
            _lock = await StateLock.AcquireAsync(LockFiles(), _tree.Folder, _tools.Log, _tools.Time, _cancellation).ConfigureAwait(false);
            _locked = true;
        }
    }

    /// <summary>Beside the conda environment, since other users with other state folders share that; else in the state folder.</summary>
    private IEnumerable<string?> LockFiles()
    {
        if (_environmentStep is not null)
        {
            yield return _conda.LockFile(_conda.Find(notBefore: null) ?? _conda.MakePlace());
        }

        yield return _tools.State.ForLock(_content.Name);
    }

    /// <summary>With <c>--keep-going</c> a failure is a warning, and the result null.</summary>
    private async Task<T?> AttemptAsync<T>(PreparationStep step, Func<Task<T>> attempt)
        where T : class
    {
        try
        {
            return await attempt().ConfigureAwait(false);
        }
        catch (EntrypointException exception)
        {
            step.IsFailed();
            if (!Options.KeepGoing)
            {
                throw;
            }

            _tools.Log.Warning("{Reason} Going on all the same (--keep-going).", exception.Message);
            return null;
        }
    }
}

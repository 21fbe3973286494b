using System.Collections.Immutable;
using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// The conda environment of one <c>environment.yml</c>: <c>envs/entrypoint-DIGEST</c> below <c>CONDA_ROOT</c>, or in the state folder
/// where that cannot be written. A conda prefix cannot be moved, so it is built in its place, and a mark in it says that it is complete:
/// a prefix of that name without the mark is half built, whoever left it so.
/// </summary>
internal sealed class CondaEnvironments
{
    private const string Mark = ".entrypoint-complete";

    private readonly Settings _settings;
    private readonly StateFolder _state;
    private readonly PreparationLock _lock;
    private readonly ILogger _log;
    private readonly string _name;

    /// <param name="digest">The name of the content of the dependency files.</param>
    public CondaEnvironments(Settings settings, StateFolder state, PreparationLock preparationLock, ILogger log, string digest) =>
        (_settings, _state, _lock, _log, _name) = (settings, state, preparationLock, log, $"entrypoint-{digest}");

    private IEnumerable<string> Places =>
        new[] { SharedFolder }.Concat(_state.Roots.Select(root => Path.Combine(root, "envs"))).Select(folder => Path.Combine(folder, _name));

    private string SharedFolder => Path.Combine(_settings.CondaRoot, "envs");

    /// <summary>Where it is; null where it was never made, or not to the end.</summary>
    /// <param name="notBefore">One that was made earlier does not count.</param>
    public string? Find(DateTimeOffset? notBefore) =>
        Places.FirstOrDefault(prefix => Path.Combine(prefix, Mark) is var mark
                && File.Exists(mark)
                && (notBefore is not { } limit || File.GetLastWriteTimeUtc(mark) >= limit));

    /// <summary>Where one lies that is not complete: it is being built, or whoever built it was killed.</summary>
    public string? FindIncomplete() => Places.FirstOrDefault(prefix => Directory.Exists(prefix) && !File.Exists(Path.Combine(prefix, Mark)));

    /// <summary>Where it would be made. Makes nothing.</summary>
    public string PlaceOfNew() =>
        Path.Combine(Writability.MayCreate(SharedFolder) ? SharedFolder : _state.PlaceOfNew("envs"), _name);

    /// <summary>Where to make it; the folder around it exists.</summary>
    /// <exception cref="EntrypointException">73: nowhere.</exception>
    public string MakePlace()
    {
        if (Writability.MayCreate(SharedFolder))
        {
            try
            {
                Directory.CreateDirectory(SharedFolder);
                return Path.Combine(SharedFolder, _name);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _log.Debug("Cannot make {Folder}: {Reason}", SharedFolder, exception.Message);
            }
        }

        return Path.Combine(_state.ForNew("envs"), _name);
    }

    /// <summary>The name that conda would show: environments outside of its own folder are known by their path.</summary>
    public string ShownName(string prefix) =>
        string.Equals(Path.GetDirectoryName(prefix), SharedFolder, StringComparison.Ordinal) ? _name : prefix;

    /// <summary>The command that makes it.</summary>
    public ImmutableArray<string> Command(string prefix, string file) =>
        [CondaProgram.Find(_settings) ?? "conda", "env", "create", "-p", prefix, "-f", file];

    /// <summary>The file whose lock guards it, beside it.</summary>
    public string LockFile(string prefix) => Path.Combine(Path.GetDirectoryName(prefix)!, $".{_name}.lock");

    /// <summary>Makes it.</summary>
    /// <exception cref="EntrypointException">78: it cannot be made; 73 or 74: a half-built one cannot be removed.</exception>
    public async Task BuildAsync(
        StepProgress step, string prefix, DependencyFiles files, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        if (CondaProgram.Find(_settings) is null)
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{files.Environment} could not be applied: none of mamba, micromamba and conda is on the PATH, in CONDA_EXE, or in bin and condabin of {_settings.CondaRoot}. Install one, or set CONDA_ROOT.");
        }

        Remove(prefix);
        var command = Command(prefix, files.Environment!);
        var complete = false;
        try
        {
            var process = new ProcessCommand(command[0], command[1..], Quiet(_lock.Mark(environment))) { WorkingDirectory = files.Folder, Output = ChildOutput.Shown };
            await step.RunAsync(process, cancellationToken).ConfigureAwait(false);
            File.WriteAllText(Path.Combine(prefix, Mark), $"{ShellWords.Join(command)}\n");
            complete = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EntrypointException(ExitCode.InputOutput, $"Cannot mark the conda environment {prefix} as complete: {exception.Message}", exception);
        }
        finally
        {
            if (!complete)
            {
                await _lock.EndLeftoversAsync().ConfigureAwait(false);
                Remove(prefix);
            }
        }
    }

    private void Remove(string prefix)
    {
        if (!Directory.Exists(prefix))
        {
            return;
        }

        _log.Information("Removing the {State} conda environment {Prefix}", File.Exists(Path.Combine(prefix, Mark)) ? "old" : "incomplete", prefix);
        try
        {
            // The mark goes first: what is removed by half must not look whole.
            File.Delete(Path.Combine(prefix, Mark));
            FolderRemoval.Remove(prefix);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EntrypointException(
                ExitCode.InputOutput, $"Cannot remove the conda environment {prefix}: {exception.Message} Remove it by hand.", exception);
        }
    }

    /// <summary>conda, mamba and micromamba ask no questions then.</summary>
    private static ProcessEnvironment Quiet(ProcessEnvironment environment) => environment
        .With("CONDA_ALWAYS_YES", "true")
        .With("MAMBA_ALWAYS_YES", "true")
        .With("MAMBA_NO_BANNER", "1")
        .With("PIP_NO_INPUT", "1")
        .WithDefault("GIT_TERMINAL_PROMPT", "0")
        .WithDefault("CONDA_NOTIFY_OUTDATED_CONDA", "false");
}

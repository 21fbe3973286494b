using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>
/// The packages of one content in the interpreter itself: whether they are there, and how they get there. Of a conda environment of ours
/// the generation's note tells, of any other Python a file in the state folder.
/// </summary>
internal sealed class OwnPackages(PreparationTools tools, PreparedCode code, PythonRuntime runtime, PythonFacts facts)
{
    private readonly ContentDigest _content = code.Content;
    private readonly AppliedPackagesRecords _records = new(tools.State, tools.Store, tools.Log);

    /// <summary>Whether nothing has changed since they were installed.</summary>
    /// <param name="hold">Whether to hold until this run ends what belongs to them.</param>
    public bool IsUnchanged(bool hold) => runtime.Conda is { } conda
        ? conda.Unfinished is null && conda.Installed == CondaPrefix.Describe(_content.Name, Packages)
        : _records.Find(Key, evenOutdated: false) is { } applied && applied.Content == _content.Name && applied.Packages == Packages && HasCheckouts(applied, hold);

    /// <summary>Whether they were installed, whatever was changed since.</summary>
    /// <param name="hold">Whether to hold until this run ends what belongs to them.</param>
    public bool IsPrepared(bool hold) => runtime.Conda is { } conda
        ? conda.Installed?.StartsWith(_content.Name, StringComparison.Ordinal) == true
        : _records.Find(Key, evenOutdated: true) is { } applied && HasCheckouts(applied, hold);

    /// <summary>Installs them.</summary>
    /// <param name="install">Does it, with the environment variables that it is given.</param>
    public Task InstallAsync(Func<ProcessEnvironment, Task> install) => runtime.Conda is { } conda
        ? conda.Unfinished!.InstallAsync(() => InstallIntoCondaAsync(conda, install))
        : InstallIntoOtherAsync(install);

    private string Packages => PackageFolder.Digest(facts.PackageFolders.Concat(Redirected));

    /// <summary>Where <c>PIP_TARGET</c> sends them.</summary>
    private IEnumerable<string> Redirected => runtime.Environment["PIP_TARGET"] is { Length: > 0 } target ? [Path.GetFullPath(target, _content.Folder)] : [];

    /// <summary>By what the files held at the start, since setup.sh is not run when it is looked for later.</summary>
    private string Key => $"{code.First.Name}-{Fingerprint.Of($"{facts.Identity}\n{Pip.PlacesSetIn(runtime.Environment)}")}";

    private ProcessEnvironment Environment => tools.Store.Mark(tools.WithHome(runtime.Environment));

    private async Task<string> InstallIntoCondaAsync(CondaPrefix conda, Func<ProcessEnvironment, Task> install)
    {
        await install(Pip.Into(Environment, Path.Combine(conda.Path, "src"))).ConfigureAwait(false);
        return CondaPrefix.Describe(_content.Name, Packages);
    }

    private async Task InstallIntoOtherAsync(Func<ProcessEnvironment, Task> install)
    {
        _records.Remove(Key);
        if (!_content.HasCheckouts || Environment["PIP_SRC"] is { Length: > 0 })
        {
            await install(Environment).ConfigureAwait(false);
            if (!code.IsForThisRun)
            {
                _records.Write(Key, new AppliedPackages(tools.Store.Token, _content.Name, Packages, null));
            }

            return;
        }

        // pip would check it out into the code's folder, which goes away with the code.
        var build = await tools.Checkouts.BeginAsync(Key, isPrivate: false).ConfigureAwait(false);
        try
        {
            await install(Environment.With("PIP_SRC", build.Path)).ConfigureAwait(false);
            Directory.CreateDirectory(build.Path);
            build.Name("");
            _records.Write(Key, new AppliedPackages(tools.Store.Token, _content.Name, Packages, build.Path));
            await tools.Checkouts.RemoveUnnamedAsync(Key).ConfigureAwait(false);
        }
        finally
        {
            await build.DiscardAsync().ConfigureAwait(false);
        }
    }

    private bool HasCheckouts(AppliedPackages applied, bool hold) =>
        applied.Checkouts is null || tools.Checkouts.Find(Key, hold, found => found.Path == applied.Checkouts) is not null;
}

using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>A conda environment that this run has built, and into which its steps may still install; it is named when they are through.</summary>
internal sealed class UnfinishedConda(GenerationBuild build)
{
    private string _installed = "";
    private bool _isBroken;

    /// <summary>Installs packages into it; until that has succeeded nobody else is to have it.</summary>
    /// <param name="install">Does it, and returns what was installed (<see cref="CondaPrefix.Describe"/>).</param>
    public async Task InstallAsync(Func<Task<string>> install)
    {
        _isBroken = true;
        _installed = await install().ConfigureAwait(false);
        _isBroken = false;
    }

    /// <summary>Names it, or, where an installation has broken off, leaves it to this run alone.</summary>
    /// <param name="isUsed">Whether the job will run in it.</param>
    public async Task CloseAsync(bool isUsed)
    {
        if (!_isBroken)
        {
            build.Name(_installed);
        }
        else if (isUsed)
        {
            build.KeepForThisRun();
        }
        else
        {
            await build.DiscardAsync().ConfigureAwait(false);
        }
    }
}

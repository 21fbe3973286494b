using Entrypoint.Linux;
using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>
/// A home for pip and conda, which write there. Kubernetes gives a user without a passwd entry the home "/", and without any home they
/// make a folder called "~" in the code's folder.
/// </summary>
internal sealed class HomeFolder(TemporaryFolders temporary)
{
    private string? _other;

    /// <summary>The environment, with another home where its own cannot be written to: the one in the user database, else a temporary one.</summary>
    public ProcessEnvironment AddTo(ProcessEnvironment environment)
    {
        if (environment["HOME"] is { } home && IsUsable(home))
        {
            return environment;
        }

        return environment.With("HOME", _other ??= UserDatabase.HomeOf(ProcessCalls.EffectiveUser()) is { } known && IsUsable(known) ? known : temporary.Create("home"));
    }

    private static bool IsUsable(string home) => home.StartsWith('/') && home.Trim('/').Length > 0 && Writability.MayWrite(home);
}

using Entrypoint.CommandLine;
using Entrypoint.Output;
using Entrypoint.Processes;

namespace Entrypoint.Sources.VersionControl;

/// <summary>Which program or library fetches from which kind of repository.</summary>
internal static class VcsBackends
{
    /// <summary>Finds it.</summary>
    /// <exception cref="FetchFailureException">It is not on this machine.</exception>
    public static IVcsBackend Open(VcsUrl url, FetchContext context, TransferProgress progress) => url.Vcs switch
    {
        "hg" => Mercurial.Open(url, context, progress),
        "svn" => Subversion.Open(url, context, progress),
        "bzr" => Bazaar.Open(url, context, progress),
        _ => OpenGit(url, context, progress),
    };

    private static IVcsBackend OpenGit(VcsUrl url, FetchContext context, TransferProgress progress)
    {
        var engine = context.Options.Settings.Git;
        var isHere = ProgramPath.TryFind("git", context.Options.Settings.Environment, out _);
        return engine == GitEngine.Program || engine == GitEngine.Automatic && isHere
            ? GitProgram.Open(url, context, progress)
            : GitLibrary.Open(url, context, progress);
    }
}

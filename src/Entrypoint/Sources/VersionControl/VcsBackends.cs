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
        "hg" => Mercurial.Open(WithLogin(url, context), context, progress),
        "svn" => Subversion.Open(WithLogin(url, context), context, progress),
        "bzr" => Bazaar.Open(WithLogin(url, context), context, progress),
        _ => OpenGit(url, context, progress),
    };

    /// <summary>User and password of the user's <c>~/.netrc</c>, for programs that do not read it themselves.</summary>
    private static VcsUrl WithLogin(VcsUrl url, FetchContext context)
    {
        if (url.IsSsh || url.Password is not null || !Uri.TryCreate($"http://{url.Host}/", UriKind.Absolute, out var server)
            || NetrcFile.Read(context.Options.Settings.Environment).Find(server.IdnHost, url.UserName?.Reveal(), orDefault: true) is not { } entry)
        {
            return url;
        }

        context.Secrets.Add(entry.Password);
        return url with { UserName = new Secret(entry.Login), Password = new Secret(entry.Password) };
    }

    private static IVcsBackend OpenGit(VcsUrl url, FetchContext context, TransferProgress progress)
    {
        var engine = context.Options.Settings.Git;
        var isHere = ProgramPath.TryFind("git", context.Options.Settings.Environment, out _);
        return engine == GitEngine.Program || engine == GitEngine.Automatic && isHere
            ? GitProgram.Open(url, context, progress)
            : GitLibrary.Open(url, context, progress);
    }
}

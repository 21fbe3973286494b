using System.Collections.Immutable;
using System.Text;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Settings for the <c>git</c> program, behind the user's own, as the text of a configuration file: <c>-c include.path=FILE</c> is known to every
/// git, passed on to submodules and Git LFS, and shows nobody what is in it.
/// </summary>
internal static class GitSettings
{
    /// <summary>The environment variables that the credential helper below reads.</summary>
    public const string UserVariable = "ENTRYPOINT_GIT_USER";
    public const string PasswordVariable = "ENTRYPOINT_GIT_PASSWORD";

    /// <summary>Git calls it for the user name and password of the host alone; to store and to erase it does nothing.</summary>
    private const string CredentialHelper =
        $"!f() {{ test \"$1\" = get || return 0; printf 'username=%s\\npassword=%s\\n' \"${UserVariable}\" \"${PasswordVariable}\"; }}; f";

    /// <summary>
    /// Asked last, when no helper of the user's knows a password for the name: the user's askpass program, which Git would ask after it, else none. The
    /// question has no name in it, which may be a token.
    /// </summary>
    private const string LastHelper =
        "!f() { test \"$1\" = get || return 0; a=${GIT_ASKPASS:-$(git config --path core.askPass)}; p=; test -z \"$a\" || p=$(\"$a\" \"Password for 'HOST': \") || p=; printf 'password=%s\\n' \"$p\"; }; f";

    /// <summary>Arguments that keep <c>git</c> from being redirected to http; a submodule may have an http URL of its own.</summary>
    public static readonly ImmutableArray<string> NoWayBackToHttp = ["-c", "protocol.http.allow=user"];

    /// <summary>The text for one URL.</summary>
    /// <param name="hasLargeFiles">Whether <c>git-lfs</c> is installed.</param>
    public static string For(VcsUrl url, bool hasLargeFiles)
    {
        var text = new StringBuilder();
        foreach (var (section, name, value) in All(url, hasLargeFiles))
        {
            text.Append(null, $"[{section}]\n\t{name} = {Quoted(value)}\n");
        }

        return text.ToString();
    }

    /// <summary>A value or the name of a section, as Git reads it.</summary>
    public static string Quoted(string value) =>
        '"' + value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    private static IEnumerable<(string Section, string Name, string Value)> All(VcsUrl url, bool hasLargeFiles)
    {
        yield return ("protocol \"ext\"", "allow", "never");
        yield return ("protocol \"fd\"", "allow", "never");
        if (url.Scheme == "file")
        {
            // Who names a repository on this machine trusts those beside it; from elsewhere, Git's own rule stands (CVE-2022-39253).
            yield return ("protocol \"file\"", "allow", "always");
        }

        yield return ("advice", "detachedHead", "false");
        yield return ("maintenance", "auto", "false");
        yield return ("gc", "auto", "0");
        yield return ("fetch", "writeCommitGraph", "false");
        yield return ("fetch", "recurseSubmodules", "false");
        yield return ("submodule", "recurse", "false");
        yield return ("core", "fsmonitor", "false");

        // Git LFS is at work even where `git lfs install` was never run, and no checkout fails where it is not installed.
        const string Filter = "filter \"lfs\"";
        yield return (Filter, "process", hasLargeFiles ? "git-lfs filter-process" : "");
        yield return (Filter, "smudge", hasLargeFiles ? "git-lfs smudge -- %f" : "");
        yield return (Filter, "clean", hasLargeFiles ? "git-lfs clean -- %f" : "");
        yield return (Filter, "required", hasLargeFiles ? "true" : "false");
        foreach (var setting in url is { IsHttp: true, UserName: not null } ? Credentials(url) : [])
        {
            yield return setting;
        }
    }

    private static IEnumerable<(string Section, string Name, string Value)> Credentials(VcsUrl url)
    {
        var section = $"credential {Quoted($"{url.Scheme}://{url.Host}")}";
        if (url.Password is not null)
        {
            // The empty one takes back the user's own helpers for this host: what the URL says wins.
            yield return (section, "helper", "");
            yield return (section, "helper", CredentialHelper);
            yield break;
        }

        yield return (section, "username", url.UserName!.Reveal());
        yield return (section, "helper", LastHelper.Replace("HOST", $"{url.Scheme}://{url.Host}".Replace("'", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }
}

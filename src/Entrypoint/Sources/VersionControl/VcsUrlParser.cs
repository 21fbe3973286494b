using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Entrypoint.Failures;
using Entrypoint.Output;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// pip's rules for VCS URLs (<c>pip._internal.vcs.versioncontrol.VersionControl.get_url_rev_and_auth</c>, its overrides, and
/// <c>pip._internal.models.link.Link</c>), and the refusal of what a program would take for an option.
/// </summary>
/// <param name="given">The reference as given; what messages show.</param>
/// <param name="url">The reference with <c>${NAME}</c> replaced.</param>
internal sealed partial class VcsUrlParser(SafeAddress given, string url)
{
    private static readonly FrozenDictionary<string, string[]> Schemes = new Dictionary<string, string[]>
    {
        ["git"] = ["http", "https", "ssh", "git", "file"],
        ["hg"] = ["file", "http", "https", "ssh", "static-http"],
        ["svn"] = ["ssh", "http", "https", "svn", "file"],
        ["bzr"] = ["http", "https", "ssh", "sftp", "ftp", "lp", "file"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public VcsUrl Parse()
    {
        if (url.Any(char.IsControl))
        {
            throw Malformed("it holds a control character");
        }

        if (!url.Contains("://", StringComparison.Ordinal) && ScpLike().Match(url) is { Success: true } match)
        {
            return ParseScpLike(match);
        }

        var parts = UrlParts.Split(url);
        var plus = parts.Scheme.IndexOf('+', StringComparison.Ordinal);
        if (plus < 0)
        {
            throw Malformed("the form is <vcs>+<scheme>://<host>/<path>[@<revision>][#subdirectory=<path>]");
        }

        var (vcs, scheme) = (parts.Scheme[..plus], parts.Scheme[(plus + 1)..]);
        RequireKnownScheme(vcs, scheme);
        parts = parts with { Scheme = scheme };
        if (vcs == "git" && scheme == "file")
        {
            // pip decodes the path of git+file before it looks for a revision, so an encoded @, # or ? acts as a bare one.
            var path = "/" + Uri.UnescapeDataString(parts.Path).Replace('\\', '/').TrimStart('/');
            if (path.Any(char.IsControl))
            {
                throw Malformed("its path holds a control character");
            }

            parts = UrlParts.Split((parts with { Authority = parts.Authority ?? "", Path = path }).Join());
        }

        var (repositoryPath, revision) = SplitRevision(parts.Path);
        parts = parts with { Path = repositoryPath, Fragment = null };
        RequireHost(parts);
        RefuseOptions(parts.Scheme == "lp" ? "" : parts.UserInformation, parts.Host, parts.Path, revision);
        return Build(vcs, parts, revision);
    }

    /// <summary>
    /// <c>git+user@host:path@revision</c>. pip reads it with <c>ssh://</c> in front, where the path begins at the first slash, and so finds a
    /// revision only behind one.
    /// </summary>
    private VcsUrl ParseScpLike(Match match)
    {
        var parts = UrlParts.Split("ssh://" + url["git+".Length..]);
        var (path, revision) = SplitRevision(parts.Path);
        var (user, host) = (match.Groups["user"].Value, match.Groups["host"].Value);
        RefuseOptions(user, host, parts.Authority!.Split(':', 2)[^1] + path, revision);
        var address = (parts with { Path = path, Fragment = null }).Join()["ssh://".Length..];
        return new VcsUrl(given, "git", "ssh", Shown(address), revision, Subdirectory())
        {
            Address = Shown(address),
            Host = host,
            UserName = new Secret(user),
        };
    }

    private VcsUrl Build(string vcs, UrlParts parts, string? revision)
    {
        // svn and bzr have their tunnel in the scheme itself.
        var shown = parts.Scheme == "ssh" && vcs is "svn" or "bzr" ? parts with { Scheme = $"{vcs}+ssh" } : parts;
        shown = parts.Scheme == "file" ? shown with { Authority = shown.Authority ?? "" } : shown;
        var isSsh = parts.Scheme is "ssh" or "sftp";
        var userInformation = parts.Scheme == "lp" ? null : parts.UserInformation;
        var (user, password) = Credentials(userInformation);
        var rawUser = userInformation?.Split(':', 2)[0];
        var bare = shown.Authority is null || parts.Scheme == "lp" ? shown : shown with { Authority = isSsh && rawUser is not null ? $"{rawUser}@{parts.Host}" : parts.Host };
        return new VcsUrl(given, vcs, parts.Scheme, Shown(shown.Join()), revision, Subdirectory())
        {
            Address = Shown(bare.Join()),
            Host = parts.Host,
            UserName = user is null ? null : new Secret(user),
            Password = password is null ? null : new Secret(password),
        };
    }

    private static Secret Shown(string address) => new(address, SafeAddress.Of(address).ToString());

    private (string? User, string? Password) Credentials(string? userInformation)
    {
        if (userInformation is null)
        {
            return (null, null);
        }

        var colon = userInformation.IndexOf(':', StringComparison.Ordinal);
        var user = Uri.UnescapeDataString(colon < 0 ? userInformation : userInformation[..colon]);
        var password = colon < 0 ? null : Uri.UnescapeDataString(userInformation[(colon + 1)..]);
        return user.Any(char.IsControl) || password?.Any(char.IsControl) == true
            ? throw Malformed("its user name or password holds a control character")
            : (user, password);
    }

    private (string Path, string? Revision) SplitRevision(string path)
    {
        var at = path.LastIndexOf('@');
        if (at < 0)
        {
            return (path, null);
        }

        var revision = Uri.UnescapeDataString(path[(at + 1)..]);
        if (revision.Length == 0)
        {
            throw Malformed("it has an empty revision; name one after the @, or leave out the @");
        }

        return revision.Any(char.IsControl) ? throw Malformed("its revision holds a control character") : (path[..at], revision);
    }

    private void RequireKnownScheme(string vcs, string scheme)
    {
        if (!Schemes.TryGetValue(vcs, out var known))
        {
            throw Malformed($"'{vcs}' is none of git, hg, svn and bzr");
        }

        if (!known.Contains(scheme, StringComparer.Ordinal))
        {
            throw Malformed($"'{vcs}+{scheme}' is none of {string.Join(", ", known.Select(name => $"{vcs}+{name}"))}");
        }
    }

    private void RequireHost(UrlParts parts)
    {
        switch (parts.Scheme)
        {
            case "lp":
                break;
            case "file" when parts.Host is not ("" or "localhost"):
                throw Malformed($"a file URL has no host; write {parts.Scheme}:///path");
            case "file":
                break;
            case var _ when parts.Host.Length == 0 || parts.Host[0] == ':':
                throw Malformed("it has no host");
            case var _ when !PortOrNone().IsMatch(parts.Host):
                throw Malformed("what follows the colon after its host is no port number (a password is percent-encoded; git+git@host:path has no scheme)");
        }
    }

    /// <summary>Nothing may begin with a hyphen that a program could take for an option, percent-encoded or not.</summary>
    private void RefuseOptions(string? user, string host, string path, string? revision)
    {
        if (revision?.StartsWith('-') == true)
        {
            throw Malformed("its revision begins with a hyphen, which is not safe");
        }

        if (new[] { user ?? "", host, path.TrimStart('/') }.Any(part => Uri.UnescapeDataString(part).TrimStart('/').StartsWith('-')))
        {
            throw Malformed("its user, host or path begins with a hyphen, which is not safe");
        }
    }

    /// <summary>pip looks for it in the whole text, a query too, and takes the first.</summary>
    private string? Subdirectory()
    {
        var mark = url.IndexOf('#', StringComparison.Ordinal);
        var fragment = ReferenceFragment.Parse(mark < 0 ? null : url[(mark + 1)..], Malformed);
        if (fragment.Digest is not null)
        {
            throw Malformed("a repository has no digest; name a commit as its revision");
        }

        var inQuery = SubdirectoryInQuery().Match(mark < 0 ? url : url[..mark]);
        var subdirectory = inQuery.Success ? ReferenceFragment.Parse(inQuery.Value[1..], Malformed).Subdirectory : fragment.Subdirectory;
        if (subdirectory?.StartsWith('-') == true)
        {
            throw Malformed("its subdirectory begins with a hyphen, which is not safe");
        }

        return subdirectory is not null && Notebook.IsNamedLikeOne(subdirectory) ? throw Notebook.Refusal($"'{given}'", subdirectory) : subdirectory;
    }

    private EntrypointException Malformed(string why) =>
        new(ExitCode.DataError, $"The VCS URL '{given}' cannot be used: {why}.");

    [GeneratedRegex("&subdirectory=[^&]*")]
    private static partial Regex SubdirectoryInQuery();

    /// <summary><c>git+user@host:path</c>.</summary>
    [GeneratedRegex(@"\A[Gg][Ii][Tt]\+(?<user>[^/:@]+)@(?<host>[^/:@]+):")]
    private static partial Regex ScpLike();

    [GeneratedRegex(@"\A(\[[^\]]*\]|[^:\[\]]*)(:[0-9]+)?\z")]
    private static partial Regex PortOrNone();
}

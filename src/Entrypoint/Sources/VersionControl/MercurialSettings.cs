using System.Text;
using Entrypoint.Linux;
using Entrypoint.Processes;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// Settings for <c>hg</c>, behind the user's: the URL under a name (so that it stands in no argument), user and password for its origin
/// alone, and no questions. They lie in a private folder (0700), gone at the end, from which <c>hg</c> is run: <c>HGRCPATH</c> takes them by a
/// name without that folder, which may hold what it would read as a separator or a variable.
/// </summary>
internal static class MercurialSettings
{
    /// <summary>What the repository is called in arguments.</summary>
    public const string Source = "entrypoint-code";

    private const string File = "entrypoint.hgrc";
    private const string Extension = "entrypoint_origin.py";

    /// <summary>
    /// Once it has logged in, <c>hg</c> sends user and password with every request, wherever it was redirected to. This leaves them out where that is
    /// another origin, and follows no way from https to http.
    /// </summary>
    private const string OriginOnly = """
        try:
            from urllib.parse import urlsplit
            from urllib.request import HTTPRedirectHandler
        except ImportError:
            from urlparse import urlsplit
            from urllib2 import HTTPRedirectHandler
        from mercurial import error, url

        def origin(address):
            if not isinstance(address, str):
                address = address.decode('latin-1')
            parts = urlsplit(address)
            return parts.scheme, parts.hostname, parts.port or {'http': 80, 'https': 443}.get(parts.scheme)

        def uisetup(ui):
            own = origin(ui.config(b'paths', b'entrypoint-code'))
            add = url.httpbasicauthhandler.http_request
            def http_request(self, request):
                return add(self, request) if origin(request.get_full_url()) == own else request
            url.httpbasicauthhandler.http_request = http_request
            url.httpbasicauthhandler.https_request = http_request
            follow = HTTPRedirectHandler.redirect_request
            def redirect_request(self, req, fp, code, msg, headers, newurl):
                if origin(req.get_full_url())[0] == 'https' and origin(newurl)[0] != 'https':
                    raise error.Abort(b'it redirects from https to http, where anybody on the way could change the code')
                return follow(self, req, fp, code, msg, headers, newurl)
            HTTPRedirectHandler.redirect_request = redirect_request

        """;

    /// <summary>Writes them into the folder, and returns the environment that names them.</summary>
    /// <param name="ssh">The user's SSH command; empty where none is needed.</param>
    public static ProcessEnvironment Write(string folder, VcsUrl url, string ssh, ProcessEnvironment environment)
    {
        var text = new StringBuilder();

        // Variables are replaced in a path.
        text.Append(null, $"[paths]\n{Source} = {Address(url).Replace("$", "%24", StringComparison.Ordinal)}\n");
        text.Append("[ui]\ninteractive = no\n[progress]\nassume-tty = yes\ndelay = 0\nformat = topic number\n[extensions]\nsparse =\n");
        if (ssh.Length > 0)
        {
            text.Append(null, $"[ui]\nssh = {SshCommand.InBatchMode(ssh)}\n");
        }

        if (url.IsHttp)
        {
            text.Append(null, $"[extensions]\nentrypoint_origin = ./{Extension}\n");
            System.IO.File.WriteAllText(Path.Combine(folder, Extension), OriginOnly);
            environment = WithProxy(url, environment, text);
            if (environment.TryGet("SSL_CERT_FILE", out var authorities))
            {
                text.Append(null, $"[web]\ncacerts = {authorities}\n");
            }
        }

        if (url is { IsHttp: true, UserName: { } name })
        {
            text.Append(null, $"[auth]\nentrypoint.prefix = {url.Host}/\nentrypoint.schemes = {(url.Scheme == "static-http" ? "http" : url.Scheme)}\n");
            text.Append(null, $"entrypoint.username = {name.Reveal()}\nentrypoint.password = {url.Password?.Reveal()}\n");
        }

        System.IO.File.WriteAllBytes(Path.Combine(folder, File), OsText.Encode(text.ToString()));
        return environment.With("HGRCPATH", $"{environment["HGRCPATH"] ?? UsualPlaces(environment)}:{File}");
    }

    /// <summary>The proxy of the environment, of which <c>hg</c> knows <c>http_proxy</c> alone, and none for this machine.</summary>
    private static ProcessEnvironment WithProxy(VcsUrl url, ProcessEnvironment environment, StringBuilder text)
    {
        if (FetchProxy.For(url, environment) is not { } proxy)
        {
            return environment.Without("http_proxy");
        }

        text.Append("[http_proxy]\nalways = yes\n");
        return environment.With("http_proxy", proxy.Address.AbsoluteUri);
    }

    /// <summary>With a path, so that the prefix above, which ends at the host, fits.</summary>
    private static string Address(VcsUrl url)
    {
        var parts = UrlParts.Split(url.Address.Reveal());
        return url.IsHttp && parts.Path.Length == 0 ? (parts with { Path = "/" }).Join() : url.Address.Reveal();
    }

    /// <summary>Where <c>hg help config</c> says that it looks; <c>HGRCPATH</c> replaces these places.</summary>
    private static string UsualPlaces(ProcessEnvironment user)
    {
        var home = user.Get("HOME", "/root");
        return string.Join(
            ':',
            "/usr/local/etc/mercurial/hgrc",
            "/usr/local/etc/mercurial/hgrc.d",
            "/etc/mercurial/hgrc",
            "/etc/mercurial/hgrc.d",
            $"{home}/.hgrc",
            $"{user.Get("XDG_CONFIG_HOME", home + "/.config")}/hg/hgrc");
    }
}

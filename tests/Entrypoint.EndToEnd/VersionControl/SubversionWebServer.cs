namespace Entrypoint.EndToEnd.VersionControl;

/// <summary>Subversion over HTTP: Debian's Apache with <c>mod_dav_svn</c>, unpacked and not installed, in front of a folder of repositories.</summary>
public sealed class SubversionWebServer : IDisposable
{
    private static readonly string[] Modules = ["mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "auth_digest", "dav", "dav_svn", "alias"];

    private readonly TemporaryFolder _folder;
    private readonly ServerProgram _server;

    private SubversionWebServer(TemporaryFolder folder, ServerProgram server) => (_folder, _server) = (folder, server);

    /// <summary>Host and port.</summary>
    public string Host => $"127.0.0.1:{_server.Port}";

    /// <summary>Serves the repositories of a folder below <c>/svn/</c>, and with a password (<c>me</c>, <c>s3cret@word</c>) below <c>/closed/</c>.</summary>
    /// <param name="more">More lines of its configuration.</param>
    public static async Task<SubversionWebServer> StartAsync(string repositories, string more = "")
    {
        var root = await DebianPackages.UnpackAsync("bookworm", "apache2-bin", "libapache2-mod-svn", "libapr1", "libaprutil1");
        var folder = new TemporaryFolder();
        await Tool.RunAsync("chmod", ["-R", "a+rwX", folder.Path, repositories]);
        folder.Write("passwords", $"me:{(await Tool.RunAsync("openssl", ["passwd", "-apr1", "s3cret@word"])).Trim()}\n");
        var server = await ServerProgram.StartAsync("/usr/bin/env", port =>
        {
            var configuration = folder.Write("apache.conf", $"""
                ServerRoot {folder.Path}
                PidFile {folder["pid"]}
                ErrorLog {folder["errors"]}
                Mutex file:{folder.Path}
                DefaultRuntimeDir {folder.Path}
                ServerName localhost
                Listen 127.0.0.1:{port}
                {string.Join('\n', Modules.Select(module => $"LoadModule {module}_module {root}/usr/lib/apache2/modules/mod_{module}.so"))}
                <Location /svn>
                  DAV svn
                  SVNParentPath {repositories}
                </Location>
                <Location /closed>
                  DAV svn
                  SVNParentPath {repositories}
                  AuthType Basic
                  AuthName "A \"closed\" place"
                  AuthUserFile {folder["passwords"]}
                  Require valid-user
                </Location>
                {more}

                """);
            return [$"LD_LIBRARY_PATH={root}/usr/lib/x86_64-linux-gnu", $"{root}/usr/sbin/apache2", "-DFOREGROUND", "-f", configuration];
        });
        return new SubversionWebServer(folder, server);
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }
}

using Entrypoint.Output;
using Entrypoint.Processes;
using Entrypoint.Sources.Web;
using LibGit2Sharp;

namespace Entrypoint.Sources.VersionControl;

/// <summary>
/// The user's own settings for Git over HTTP, as the <c>git</c> program reads them: proxies, authorities and <c>http.sslVerify</c> from the
/// environment, else from the global and the system's configuration.
/// </summary>
internal sealed class GitLibrarySettings(ProcessEnvironment environment, Secrets secrets) : IDisposable
{
    private readonly Configuration _configuration = Configuration.BuildFrom(null);

    /// <summary>The user's <c>~/.netrc</c>.</summary>
    public NetrcFile Netrc { get; } = NetrcFile.Read(environment);

    /// <summary>Learns what is read there.</summary>
    public Secrets Secrets { get; } = secrets;

    /// <summary>A connection that keeps to them.</summary>
    /// <param name="silence">How long a server may send nothing.</param>
    public WebAccess Connect(TimeSpan silence)
    {
        var authorities = environment.TryGet("GIT_SSL_CAINFO", out var file) ? file : _configuration.Get<string>("http.sslCAInfo")?.Value;
        var isUnchecked = environment["GIT_SSL_NO_VERIFY"] is not null || _configuration.Get<bool>("http.sslVerify")?.Value == false;
        return new WebAccess(Proxies(), silence, CertificateTrust.With(authorities, isUnchecked));
    }

    public void Dispose() => _configuration.Dispose();

    /// <summary>What the configuration says counts before the environment.</summary>
    private ProcessEnvironment Proxies() => _configuration.Get<string>("http.proxy")?.Value is { } proxy
        ? environment.With("http_proxy", proxy).With("https_proxy", proxy)
        : environment;
}

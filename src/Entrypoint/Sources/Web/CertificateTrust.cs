using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Entrypoint.Failures;

namespace Entrypoint.Sources.Web;

/// <summary>Which certificates are believed: those of the system's authorities (<c>SSL_CERT_FILE</c> and <c>SSL_CERT_DIR</c> included), and more where asked for.</summary>
internal sealed class CertificateTrust
{
    private readonly string? _bundle;
    private readonly bool _insecure;
    private X509Certificate2Collection? _authorities;

    private CertificateTrust(string? bundle, bool insecure) => (_bundle, _insecure) = (bundle, insecure);

    /// <summary>The system's authorities only.</summary>
    public static CertificateTrust System { get; } = new(null, insecure: false);

    /// <summary>The system's authorities and those of a PEM file.</summary>
    /// <param name="bundle">The file, or null.</param>
    /// <param name="insecure">Believe every certificate.</param>
    public static CertificateTrust With(string? bundle, bool insecure) => new(bundle, insecure);

    /// <summary>Checks what TLS needs on this machine, and reads the PEM file; called before the first connection with TLS.</summary>
    /// <exception cref="EntrypointException">69: no OpenSSL, which .NET does not bring and whose lack it answers with an abort. 64: a broken PEM file.</exception>
    public void Prepare()
    {
        OpenSsl.Require("For an https address");
        if (_bundle is null && !_insecure && !Authorities.AreHere())
        {
            throw new EntrypointException(ExitCode.Unavailable, $"No certificate of an https address can be checked: {Authorities.Missing}.");
        }

        if (_bundle is null || _authorities is not null)
        {
            return;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(_bundle);
            _authorities = authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new EntrypointException(ExitCode.Usage, $"Cannot read certificates from {_bundle} (LAB_CA_BUNDLE): {exception.Message}", exception);
        }
    }

    /// <summary>Whether to go on with a server, for <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || _insecure)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || _authorities is null || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        if (chain is not null)
        {
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Select(element => element.Certificate).ToArray());
        }

        return own.Build(server);
    }
}

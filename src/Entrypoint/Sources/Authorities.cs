using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources;

/// <summary>The certificate authorities of this machine, without which no certificate is believed.</summary>
internal static class Authorities
{
    /// <summary>What to do where there are none, as the rest of a sentence.</summary>
    public static readonly string Missing =
        $"this machine has no certificate authorities; install them ({Packages.Named(Packages.Authorities)}), or name a file with them (SSL_CERT_FILE)";

    private static readonly string[] Variables = ["SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "CURL_CA_BUNDLE"];

    /// <summary>Where OpenSSL and GnuTLS look in the distributions, and .NET in a home.</summary>
    private static readonly string[] Places =
    [
        "/etc/ssl/certs", "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem", "/etc/pki/tls/certs", "/etc/pki/tls/cert.pem",
        "/etc/pki/ca-trust/extracted/pem", "/usr/lib/ssl/certs", "/usr/lib/ssl/cert.pem", "/usr/local/ssl/certs",
    ];

    /// <summary>Whether there are any.</summary>
    public static bool AreHere() =>
        Variables.Select(Environment.GetEnvironmentVariable).OfType<string>().Concat(Places)
            .Append($"{Environment.GetEnvironmentVariable("HOME")}/.dotnet/corefx/cryptography/x509stores/root")
            .Any(HoldsSomething);

    private static bool HoldsSomething(string path) => FileCalls.Status(path) is { Succeeded: true, Value: var status }
        && (status.Kind == FileKind.Folder ? FolderHoldsSomething(path) : status.Size > 0);

    private static bool FolderHoldsSomething(string folder)
    {
        try
        {
            // A link that leads nowhere is what is left when the package is gone and its links are not.
            return OsFile.Names(folder).Any(name => OsFile.IsThere(Path.Combine(folder, name)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}

using System.Runtime.InteropServices;
using Entrypoint.Failures;

namespace Entrypoint.Sources;

/// <summary>OpenSSL's library, which .NET takes from the machine for TLS and digests, and whose lack it answers with an abort.</summary>
internal static class OpenSsl
{
    private static readonly string[] Libraries = ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10"];

    /// <summary>Makes sure that it is there, before anything is asked of it.</summary>
    /// <param name="purpose">What it is needed for: the beginning of a sentence.</param>
    /// <exception cref="EntrypointException">69: it is not on this machine.</exception>
    public static void Require(string purpose)
    {
        if (!Array.Exists(Libraries, library => NativeLibrary.TryLoad(library, out _)))
        {
            throw new EntrypointException(
                ExitCode.Unavailable, $"{purpose}, OpenSSL's library is needed (libssl.so.3 or libssl.so.1.1), which is not on this machine: install it (Debian: libssl3).");
        }
    }
}

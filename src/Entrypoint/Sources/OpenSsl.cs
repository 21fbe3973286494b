using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources;

/// <summary>OpenSSL's library, which .NET takes from the machine for TLS and digests, and whose lack it answers with an abort.</summary>
internal static class OpenSsl
{
    private static readonly string[] Libraries = ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10"];

    /// <summary>Makes sure that it is there, before anything is asked of it.</summary>
    /// <param name="purpose">What it is needed for: the beginning of a sentence.</param>
    /// <exception cref="EntrypointException">69: it is not on this machine, or cannot be loaded.</exception>
    public static void Require(string purpose)
    {
        string? broken = null;
        foreach (var library in Libraries)
        {
            if (LibraryCalls.Load(library) is not { } failure)
            {
                return;
            }

            // What is there and cannot be loaded is the reason, not what is not there besides.
            var isMissing = failure.StartsWith(library, StringComparison.Ordinal) && failure.Contains("No such file", StringComparison.Ordinal);
            broken ??= isMissing ? null : failure;
        }

        throw new EntrypointException(
            ExitCode.Unavailable,
            broken is null
                ? $"{purpose}, OpenSSL's library is needed (libssl.so.3 or libssl.so.1.1), which is not on this machine: {Packages.Install(Packages.Tls)}."
                : $"{purpose}, OpenSSL's library is needed, which is here but cannot be loaded: {broken}. Mend it, or {Packages.Install(Packages.Tls)}.");
    }
}

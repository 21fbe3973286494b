using System.Security.Cryptography;
using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources;

/// <summary>Compares files with the digest that a reference asks for.</summary>
internal static class DigestCheck
{
    /// <summary>Checks a file; does nothing where no digest was asked for.</summary>
    /// <exception cref="EntrypointException">65: it has another digest. 69: digests cannot be computed here. 74, 77: it cannot be read.</exception>
    public static void Require(FileDigest? digest, string path, string display)
    {
        if (digest is null)
        {
            return;
        }

        using var computed = digest.Begin();
        try
        {
            const int BufferSize = 128 * 1024;
            using var file = OsFile.OpenRead(path);
            var buffer = new byte[BufferSize];
            int read;
            while ((read = file.Read(buffer)) > 0)
            {
                computed.AppendData(buffer, 0, read);
            }
        }
        catch (Exception exception) when (FileFailure.Of(exception) is { } failure)
        {
            throw failure;
        }

        if (!digest.Fits(computed))
        {
            throw Mismatch(digest, computed, display);
        }
    }

    /// <summary>The failure of a file that has another digest.</summary>
    public static EntrypointException Mismatch(FileDigest digest, IncrementalHash computed, string display) => new(
        ExitCode.DataError,
        $"{display} is not the file that the reference means: its {digest.Algorithm} is {Convert.ToHexStringLower(computed.GetCurrentHash())}, asked for was {digest.Value}.");
}

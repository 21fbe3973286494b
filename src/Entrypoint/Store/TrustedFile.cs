using Entrypoint.Linux;

namespace Entrypoint.Store;

/// <summary>Reads a file that others could have put there.</summary>
internal static class TrustedFile
{
    private const long Longest = 16 << 20;

    /// <summary>Its content; null where it is not there, a link, nobody's whom we trust, or cannot be read.</summary>
    public static byte[]? Read(string path, Trust trust)
    {
        var opened = FileCalls.OpenExisting(path, forWriting: false);
        if (!opened.Succeeded)
        {
            if (opened.Error == Errno.ELOOP)
            {
                _ = trust.Accepts(path);
            }

            return null;
        }

        using (var file = opened.Value)
        {
            if (FileCalls.Status(file) is not { Succeeded: true, Value: { Kind: FileKind.File, Size: <= Longest } status } || !trust.Accepts(path, status))
            {
                return null;
            }

            try
            {
                var content = new byte[status.Size];
                var length = RandomAccess.Read(file, content, 0);
                return content[..length];
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}

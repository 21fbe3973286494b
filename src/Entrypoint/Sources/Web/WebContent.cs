using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Sources.Archives;

namespace Entrypoint.Sources.Web;

/// <summary>
/// Decides whether what a web address sent can be code. Sign-in pages and errors come with the status 200 as well, and Python may even
/// call one of them a success.
/// </summary>
internal static class WebContent
{
    /// <summary>Refuses a file, which is no archive, unless it may be Python.</summary>
    /// <param name="path">What was downloaded.</param>
    /// <param name="address">The address that it was asked for by.</param>
    /// <param name="type">The media type that the server gave it, or null.</param>
    /// <exception cref="EntrypointException">65.</exception>
    public static void RequirePython(string path, Uri address, string? type, string display)
    {
        var (nature, words) = FileContent.Look(path);
        var name = Uri.UnescapeDataString(address.AbsolutePath);
        if (nature == FileNature.Text)
        {
            nature = AsTyped(path, name, type);
        }

        if (ArchiveName.IsOne(name))
        {
            throw ArchiveName.Refusal(display, (nature, words));
        }

        if (nature != FileNature.Text && !(nature == FileNature.Binary && IsCompiled(path)))
        {
            var what = nature == FileNature.Empty ? "nothing at all" : FileContent.Describe(nature);
            throw new EntrypointException(
                ExitCode.DataError,
                $"{display} sent {what}{FileContent.Quote(words)} and no code: check the address, and whether it must be asked with a user and password or a token.");
        }
    }

    /// <summary>What the server says that it is counts where the content could be that.</summary>
    private static FileNature AsTyped(string path, string name, string? type)
    {
        if (type is null)
        {
            return FileNature.Text;
        }

        if (type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            return FileContent.IsJson(Start(path), out _) ? FileNature.Json : FileNature.Text;
        }

        var isPage = type.Contains("html", StringComparison.OrdinalIgnoreCase)
            && !name.EndsWith(".py", StringComparison.OrdinalIgnoreCase)
            && Start(path).AsSpan().IndexOf("</"u8) >= 0;
        return isPage ? FileNature.Html : FileNature.Text;
    }

    /// <summary>Compiled Python (<c>.pyc</c>) has a line end after its two bytes of magic.</summary>
    private static bool IsCompiled(string path) => Start(path) is [_, _, (byte)'\r', (byte)'\n', ..];

    private static byte[] Start(string path)
    {
        const int Enough = 64 * 1024;
        using var file = OsFile.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, Enough)];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}

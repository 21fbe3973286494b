using System.Collections.Immutable;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>The arguments that this program was started with, byte for byte.</summary>
internal static class ProgramArguments
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// What .NET decoded, unless something in it was no UTF-8: then the kernel's copy is read, which .NET's replacement characters
    /// cannot be turned back into. (Without <c>/proc</c> they stay.)
    /// </summary>
    public static ImmutableArray<string> Read(string[] decoded)
    {
        const string Copy = "/proc/self/cmdline";
        if (!decoded.Any(argument => argument.Contains(Replacement, StringComparison.Ordinal)) || !OsFile.IsFile(Copy))
        {
            return [.. decoded];
        }

        var arguments = OsText.Decode(OsFile.ReadAllBytes(Copy)).Split('\0')[..^1];
        return arguments.Length > decoded.Length ? [.. arguments[^decoded.Length..]] : [.. decoded];
    }
}

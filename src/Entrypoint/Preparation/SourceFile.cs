using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Preparation;

/// <summary>The question whether a file by which code says what it needs is there. Every file of the kind is asked for here.</summary>
internal static class SourceFile
{
    /// <summary>Whether it is there and a regular file, or a link to one. Of a folder, and of a pipe, a socket or a device, it is not.</summary>
    /// <exception cref="EntrypointException">66: it is a link that leads nowhere. 77: it cannot be looked at.</exception>
    public static bool IsThere(string path) => FileCalls.KindOf(path) switch
    {
        PathKind.File => true,
        PathKind.DanglingLink => throw new EntrypointException(
            ExitCode.NoInput, $"{path} is a link that leads nowhere: put the file there that it leads to, or remove the link."),
        PathKind.Unreachable => throw new EntrypointException(
            ExitCode.NoPermission, $"Cannot look at {path}: permission denied. Give this user (id {ProcessCalls.EffectiveUser()}) the right to read it, or remove it."),
        _ => false,
    };
}

using Entrypoint.Failures;
using Entrypoint.Linux;

namespace Entrypoint.Sources;

/// <summary>Looks at paths that people give.</summary>
internal static class PathCheck
{
    /// <summary>Whether something is there, links followed.</summary>
    /// <exception cref="EntrypointException">77: file permissions do not let one see.</exception>
    public static bool Exists(string path) => FileCalls.Reach(path) switch
    {
        0 => true,
        Errno.EACCES => throw new EntrypointException(
            ExitCode.NoPermission, $"Cannot look at {path}: permission denied. Give this user (id {ProcessCalls.EffectiveUser()}) the right to enter its folders."),
        _ => false,
    };
}

using System.Diagnostics.CodeAnalysis;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// Finds programs the way <c>execvp</c> does, with two differences: an empty or relative entry of the <c>PATH</c>, which would mean the
/// current directory, is passed over, and a file that may not be executed does not hide one further on.
/// </summary>
internal static class ProgramPath
{
    /// <summary>Where programs are looked for when there is no <c>PATH</c>.</summary>
    public const string DefaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The full path of a program, or null where no folder of the <c>PATH</c> has it.</summary>
    /// <param name="program">A name to look for, or a path (anything with a slash), which is returned as it is if it is there.</param>
    /// <param name="environment">Whose <c>PATH</c> counts.</param>
    public static string? Find(string program, ProcessEnvironment environment)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return IsExecutableFile(program) ? program : null;
        }

        return Folders(environment).Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsExecutableFile);
    }

    /// <summary>The folders of the <c>PATH</c> that count.</summary>
    public static IEnumerable<string> Folders(ProcessEnvironment environment) =>
        environment.Get("PATH", DefaultSearchPath).Split(':').Where(folder => folder.StartsWith('/'));

    /// <summary>Whether a program can be found, and where.</summary>
    public static bool TryFind(string program, ProcessEnvironment environment, [NotNullWhen(true)] out string? path)
    {
        path = program.Length == 0 ? null : Find(program, environment);
        return path is not null;
    }

    /// <summary>Whether the path is a regular file that this process may execute.</summary>
    public static bool IsExecutableFile(string path) => OsFile.IsFile(path) && FileCalls.MayExecute(path);
}

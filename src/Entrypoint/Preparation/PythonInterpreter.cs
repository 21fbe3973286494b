using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Finds the Python that runs the job where no <c>environment.yml</c> makes one, or the workspace's script.</summary>
internal static class PythonInterpreter
{
    private static readonly string[] DefaultNames = ["python", "python3"];

    /// <summary>
    /// The full path of what <c>--python</c> names (a relative path is taken from the caller's folder), else of <c>python</c> on the
    /// <c>PATH</c>, else of <c>python3</c>. Links are not resolved: a virtual environment is told by the path that Python is started by.
    /// </summary>
    /// <exception cref="EntrypointException">127: not found; 126: found, but it cannot be executed.</exception>
    public static string Find(Options options, ProcessEnvironment environment)
    {
        string[] names = options.Python is { } given ? [given] : DefaultNames;
        foreach (var name in names)
        {
            var program = name.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(name, options.Settings.CurrentDirectory) : name;
            if (ProgramPath.TryFind(program, environment, out var path))
            {
                return path;
            }
        }

        if (names.Select(name => NotExecutable(name, options, environment)).FirstOrDefault(path => path is not null) is { } there)
        {
            throw new EntrypointException(
                ExitCode.CannotExecute,
                $"Cannot run {there} as Python: it is not a program that may be executed here. Set --python to another Python, or give it execute permission.");
        }

        throw new EntrypointException(
            ExitCode.NotFound,
            options.Python is null
                ? "Nothing can be run: there is neither python nor python3 on the PATH. Install Python, or set --python to where it is."
                : $"Nothing can be run: there is no Python {options.Python}{(options.Python.Contains('/', StringComparison.Ordinal) ? "" : " on the PATH")}. Check --python.");
    }

    private static string? NotExecutable(string name, Options options, ProcessEnvironment environment)
    {
        IEnumerable<string> candidates = name.Contains('/', StringComparison.Ordinal)
            ? [Path.GetFullPath(name, options.Settings.CurrentDirectory)]
            : environment.Get("PATH", ProgramPath.DefaultSearchPath).Split(':').Where(folder => folder.StartsWith('/')).Select(folder => Path.Combine(folder, name));
        return candidates.FirstOrDefault(Path.Exists);
    }
}

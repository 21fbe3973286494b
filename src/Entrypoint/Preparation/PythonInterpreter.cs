using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>
/// Finds the Python that runs the job where no <c>environment.yml</c> makes one, or the workspace's script. On the <c>PATH</c> what may
/// not be executed is passed over, as in a shell; but the Python of a virtual or conda environment that comes first is what the image
/// means, and where it does not work, no other takes its place.
/// </summary>
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
        var unusable = new List<string>();
        foreach (var name in names)
        {
            foreach (var candidate in Candidates(name, options.Settings.CurrentDirectory, environment))
            {
                if (ProgramPath.IsExecutableFile(candidate))
                {
                    return candidate;
                }

                if (IsBroken(candidate, options, environment))
                {
                    throw Unusable(candidate, " of the virtual environment");
                }

                if (FileCalls.KindOf(candidate) is not PathKind.Missing)
                {
                    unusable.Add(candidate);
                }
            }
        }

        throw unusable is [var first, ..] ? Unusable(first, "") : new EntrypointException(
            ExitCode.NotFound,
            options.Python is null
                ? $"Nothing can be run: there is neither python nor python3 on the PATH; {Packages.Install(Packages.Python)}, or set --python to where it is."
                : $"Nothing can be run: there is no Python {options.Python}{(IsPath(options.Python) ? "" : " on the PATH")}. Check --python.");
    }

    private static IEnumerable<string> Candidates(string name, string currentDirectory, ProcessEnvironment environment) => IsPath(name)
        ? [Path.GetFullPath(name, currentDirectory)]
        : ProgramPath.Folders(environment).Select(folder => Path.Combine(folder, name));

    private static bool IsPath(string name) => name.Contains('/', StringComparison.Ordinal);

    /// <summary>
    /// Whether something that cannot be run stands where an environment has its Python. Of the active one, not even the name needs to be
    /// there, unless it has a Python of another name.
    /// </summary>
    private static bool IsBroken(string candidate, Options options, ProcessEnvironment environment)
    {
        var folder = Path.GetDirectoryName(candidate)!;
        var isActive = environment.TryGet("VIRTUAL_ENV", out var active) && Path.Combine(active, "bin") == Path.TrimEndingDirectorySeparator(folder);
        if (FileCalls.KindOf(candidate) is PathKind.Missing)
        {
            return isActive && options.Python is null && !DefaultNames.Any(name => ProgramPath.IsExecutableFile(Path.Combine(folder, name)));
        }

        return isActive || OsFile.IsFile(Path.Combine(folder, "..", "pyvenv.cfg")) || OsFile.IsFolder(Path.Combine(folder, "..", "conda-meta"));
    }

    private static EntrypointException Unusable(string path, string place)
    {
        const string Advice = "Mend it, take it from the PATH, or set --python to another Python.";
        return FileCalls.KindOf(path) is PathKind.Missing or PathKind.DanglingLink
            ? new EntrypointException(ExitCode.NotFound, $"Cannot run {path}{place}: it is not there, or leads nowhere. {Advice}")
            : new EntrypointException(
                ExitCode.CannotExecute, $"Cannot run {path}{place} as Python: it is not a program that this user (id {ProcessCalls.EffectiveUser()}) may execute. {Advice}");
    }
}

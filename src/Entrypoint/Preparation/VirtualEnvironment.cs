using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Processes;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// The virtual environment for one content of the dependency files and one interpreter, in the state folder. It sees all that the
/// interpreter sees. A mark in it says that it is complete, with its packages.
/// </summary>
internal sealed class VirtualEnvironment(StateFolder state, ILogger log, string name)
{
    private const string Folder = "venvs";
    private const string Mark = ".entrypoint-complete";

    /// <summary>Its name, by which stamps know it.</summary>
    public string Name => name;

    /// <summary>Where it is; null where it was never made, or not to the end.</summary>
    public string? Find() => state.Roots
        .Select(root => Path.Combine(root, Folder, name))
        .FirstOrDefault(path => File.Exists(Path.Combine(path, Mark)) && ProgramPath.IsExecutableFile(Interpreter(path)));

    /// <summary>Where it would be made.</summary>
    public string PlaceOfNew() => Path.Combine(state.PlaceOfNew(Folder), name);

    /// <summary>Where to make it; the folder around it exists.</summary>
    /// <exception cref="EntrypointException">73: nowhere.</exception>
    public string MakePlace() => Path.Combine(state.ForNew(Folder), name);

    /// <summary>The Python of a virtual environment.</summary>
    public static string Interpreter(string path) => Path.Combine(path, "bin", "python");

    /// <summary>The environment variables with it activated, as its own <c>activate</c> script would.</summary>
    public static ProcessEnvironment Activate(string path, ProcessEnvironment environment) => environment
        .WithPathPrefix(Path.Combine(path, "bin"))
        .With("VIRTUAL_ENV", path)
        .Without("PYTHONHOME");

    /// <summary>Makes it without packages.</summary>
    /// <param name="parent">The interpreter that it is made from.</param>
    /// <param name="facts">The facts of that one.</param>
    /// <exception cref="EntrypointException">78: it cannot be made.</exception>
    public async Task CreateAsync(
        StepProgress step, string path, string parent, PythonFacts facts, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        Remove(path);

        // pip is among the packages that it sees; installing another one takes seconds.
        ImmutableArray<string> arguments =
        [
            "-m", "venv",
            .. facts.HasPip ? ["--without-pip"] : Array.Empty<string>(),
            .. facts.SeesSystem ? ["--system-site-packages"] : Array.Empty<string>(),
            path,
        ];
        log.Information("Making the virtual environment {Path}, because packages cannot be installed for {Python} itself", path, parent);
        await step.RunAsync(new ProcessCommand(parent, arguments, environment) { WorkingDirectory = "/", Output = ChildOutput.Shown }, cancellationToken)
            .ConfigureAwait(false);
        if (facts.IsVirtual)
        {
            // venv goes back to the Python behind the other virtual environment, and would not see the packages of that.
            var packages = Directory.GetDirectories(Path.Combine(path, "lib")).Select(folder => Path.Combine(folder, "site-packages")).First(Directory.Exists);
            await File.WriteAllTextAsync(Path.Combine(packages, "entrypoint-parent.pth"), Include(facts.InstallFolders), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says that it is not complete: its packages are about to be changed.</summary>
    public static void Unmark(string path) => File.Delete(Path.Combine(path, Mark));

    /// <summary>Says that it is complete.</summary>
    public static void Complete(string path) => File.WriteAllText(Path.Combine(path, Mark), "");

    /// <summary>Whether it was made to the end.</summary>
    public static bool IsComplete(string path) => File.Exists(Path.Combine(path, Mark));

    /// <summary>Removes it, complete or not.</summary>
    /// <exception cref="EntrypointException">74: it cannot be removed.</exception>
    public static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Unmark(path);
                FolderRemoval.Remove(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EntrypointException(
                ExitCode.InputOutput, $"Cannot remove the virtual environment {path}: {exception.Message} Remove it by hand.", exception);
        }
    }

    /// <summary>Lines of a .pth file that add folders, with the .pth files in them.</summary>
    private static string Include(IEnumerable<string> folders) =>
        string.Concat(folders.Select(folder => $"import site; site.addsitedir('{folder.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}')\n"));
}

using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Processes;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>
/// The virtual environments in the state folder. One is made for one content, one interpreter and the packages that this interpreter sees,
/// all of which it sees too.
/// </summary>
internal sealed class VirtualEnvironments(StateFolder state, StoreContext context, ILogger log)
{
    private const string Folder = "venvs";

    private readonly GenerationStore _generations = state.Generations(Folder, context);

    /// <summary>The one of a key; null where there is none.</summary>
    /// <param name="evenChanged">Whether it counts when somebody has changed its packages since.</param>
    /// <param name="hold">Whether to hold it until this run ends.</param>
    public string? Find(string key, bool evenChanged, bool hold) => _generations.Find(
        key, hold, found => ProgramPath.IsExecutableFile(Interpreter(found.Path)) && IsWhole(found.Path) && (evenChanged || found.Note == Packages(found.Path)))?.Path;

    /// <summary>Where one would be made.</summary>
    public string ExpectedPlace(string key) => Path.Combine(state.ExpectedPlace(Folder), key);

    /// <summary>Starts a new one.</summary>
    /// <param name="isPrivate">Whether it is for this run alone.</param>
    /// <exception cref="EntrypointException">73 or 74: it cannot be made.</exception>
    public Task<GenerationBuild> BeginAsync(string key, bool isPrivate) => _generations.BeginAsync(key, isPrivate);

    /// <summary>Removes what is superseded and held by nobody.</summary>
    public Task RemoveUnnamedAsync(string key) => _generations.RemoveUnnamedAsync(key);

    /// <summary>Says that one is complete, with its packages.</summary>
    public static void Name(GenerationBuild build, string? also) => build.Name(Packages(build.Path), also);

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
        StepProgress progress, string path, string parent, PythonFacts facts, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        // pip is among the packages that it sees; installing another one takes seconds.
        ImmutableArray<string> arguments =
        [
            "-m", "venv",
            .. facts.HasPip ? ["--without-pip"] : Array.Empty<string>(),
            .. facts.SeesSystem ? ["--system-site-packages"] : Array.Empty<string>(),
            path,
        ];
        log.Information("Making the virtual environment {Path}, which sees all that {Python} sees, whose own packages stay as they are", path, parent);
        await progress.RunAsync(new ProcessCommand(parent, arguments, environment) { WorkingDirectory = "/", Output = ChildOutput.Shown }, cancellationToken)
            .ConfigureAwait(false);
        if (facts.IsVirtual)
        {
            // venv goes back to the Python behind the other virtual environment, and would not see the packages of that.
            await File.WriteAllTextAsync(
                Path.Combine(PackageFolders(path).First(), "entrypoint-parent.pth"), Include(facts.InstallFolders), cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsWhole(string path) => OsFile.IsFile(Path.Combine(path, "pyvenv.cfg"));

    private static string Packages(string path) => PackageFolder.Digest(PackageFolders(path));

    private static IEnumerable<string> PackageFolders(string path) =>
        Directory.GetDirectories(Path.Combine(path, "lib")).Select(folder => Path.Combine(folder, "site-packages")).Where(OsFile.IsFolder);

    /// <summary>Lines of a .pth file that add folders, with the .pth files in them.</summary>
    private static string Include(IEnumerable<string> folders) =>
        string.Concat(folders.Select(folder => $"import site; site.addsitedir('{folder.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}')\n"));
}

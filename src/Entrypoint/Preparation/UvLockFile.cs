using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Preparation.Projects;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Installs what <c>uv.lock</c> has locked, with uv, into an environment that was made for it.</summary>
internal sealed class UvLockFile(SourceContext context, ProjectFile project) : IPackageSource
{
    public const string FileName = "uv.lock";
    private const string Program = "uv";

    /// <summary>Each makes uv take the lock as it is, or says itself that it must be up to date; uv refuses two of them.</summary>
    private static readonly string[] LockVariables = ["UV_FROZEN", "UV_LOCKED"];

    public string Name => FileName;

    public string Summary => "locks packages, which are not installed";

    public bool IsAlwaysApart => true;

    public bool HasExtras => true;

    public bool HasGroups => true;

    public bool InstallsNothing => false;

    /// <summary>Whether uv builds the project with a backend that writes beside its sources.</summary>
    private bool IsBuiltInPlace => project.IsPackage(context.Options.Extras) && project.BuildBackend is null or "setuptools.build_meta" or "setuptools.build_meta:__legacy__";

    /// <summary>The source, where it is there with the project that it locks.</summary>
    public static IPackageSource? Find(SourceContext context)
    {
        if (!context.Has(FileName) || context.Project is not { } project)
        {
            return null;
        }

        foreach (var group in context.Options.Groups)
        {
            _ = ChosenRequirements.Known(group, "dependency group", project.Groups.Names, ProjectFile.FileName);
        }

        foreach (var extra in context.Options.Extras.Where(_ => !project.Dynamic.Contains("optional-dependencies", StringComparer.Ordinal)))
        {
            _ = ChosenRequirements.KnownExtra(project, extra);
        }

        return new UvLockFile(context, project);
    }

    public void Describe(ContentDigest content)
    {
        content.AddFile("uv.lock", FileName);
        content.AddFile("pyproject.toml", ProjectFile.FileName);
        content.Add(string.Join(',', context.Options.Extras));
        content.Add(string.Join(',', context.Options.Groups));
        content.AddPlaces(LockedPlaces.In(context.ReadText(FileName)).Where(place => place != "." || project.IsPackage(context.Options.Extras)));
        if (project.IsPackage(context.Options.Extras))
        {
            content.AddTree(context.Tree.Folder);
        }
    }

    public ImmutableArray<string> Command(string interpreter) =>
    [
        ProgramPath.TryFind(Program, context.Tools.Inherited, out var path) ? path : Program,
        "sync",
        .. LockVariables.Any(name => context.Tools.Inherited.TryGet(name, out _)) ? [] : new[] { "--locked" },
        "--no-default-groups",
        "--no-editable",
        "--inexact",
        "--python",
        interpreter,
        .. context.Options.Extras.SelectMany(extra => new[] { "--extra", extra }),
        .. context.Options.Groups.SelectMany(group => new[] { "--group", group }),
    ];

    public void Require(PythonFacts? facts, string interpreter)
    {
        PythonCheck.Require(project.Python, ProjectFile.FileName, facts, interpreter);
        if (!ProgramPath.TryFind(Program, context.Tools.Inherited, out _))
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{FileName} could not be applied: uv is not on the PATH. Install it in the image (pip install uv), or install without the lock: --dependencies pyproject.toml.");
        }
    }

    public async Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        NotRead.Say(context, target.Facts, hasLock: true);
        var environment = target.Environment
            .With("UV_PROJECT_ENVIRONMENT", target.VirtualEnvironment!)
            .With("UV_PYTHON_DOWNLOADS", "never")
            .WithDefault("GIT_TERMINAL_PROMPT", "0");
        if (!environment.TryGet("UV_CACHE_DIR", out _))
        {
            environment = environment.With("UV_NO_CACHE", "1");
        }

        var command = Command(target.Interpreter);
        if (!IsBuiltInPlace)
        {
            await RunAsync(command, environment, target, progress, cancellationToken).ConfigureAwait(false);
            return;
        }

        // Where the others are built must not be where this one is: setuptools packs whatever it finds there.
        await RunAsync([.. command, "--no-install-workspace"], environment, target, progress, cancellationToken).ConfigureAwait(false);
        var build = PrivateBuild.Prepare(target.Temporary);
        await RunAsync(command, build.Environment(environment), target, progress, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunAsync(
        ImmutableArray<string> command, ProcessEnvironment environment, PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        var whole = new ProcessCommand(command[0], command[1..], environment) { WorkingDirectory = target.CodeFolder, Output = ChildOutput.Shown };
        progress.ShowCommand(command);
        await progress.RunAsync(whole, cancellationToken).ConfigureAwait(false);
    }
}

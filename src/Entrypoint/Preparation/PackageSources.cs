using Entrypoint.CommandLine;
using Entrypoint.Failures;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Preparation;

/// <summary>Chooses where the Python packages of a code tree come from.</summary>
internal static class PackageSources
{
    /// <summary>All sources, in the order in which they are looked for, each with the file that it is named after in messages.</summary>
    private static readonly (PackageChoice Choice, Func<SourceContext, string> File, Func<SourceContext, IPackageSource?> Find)[] All =
    [
        (PackageChoice.Script, context => Path.GetFileName(context.Tree.Main), ScriptSource.Find),
        (PackageChoice.Requirements, _ => DependencyFiles.RequirementsName, context => RequirementsFile.Find(context.Tree)),
        (PackageChoice.PyLock, _ => PyLockFile.Names[^1], PyLockFile.Find),
        (PackageChoice.UvLock, _ => UvLockFile.FileName, UvLockFile.Find),
        (PackageChoice.PyProject, _ => ProjectFile.FileName, ProjectSource.Find),
        (PackageChoice.SetupPy, _ => ProjectSource.SetupName, ProjectSource.FindSetup),
    ];

    /// <summary>The source that was asked for, or the first that is there; null where nothing is to be installed.</summary>
    /// <exception cref="EntrypointException">64: extras or groups are asked for of a source that has none.</exception>
    public static IPackageSource? Find(SourceContext context, DependencyFiles files)
    {
        var choice = context.Options.Dependencies;
        var source = choice switch
        {
            PackageChoice.Documented => RequirementsFile.Find(context.Tree),
            PackageChoice.Automatic => First(context) ?? UnusableSource.OfForeignFiles(context, files),
            _ => Named(context, choice) ?? UnusableSource.OfMissing(context, choice),
        };
        if (choice == PackageChoice.Automatic && source is not null)
        {
            RequireKnown(context.Options.Extras, OptionTable.Extra, source, source.HasExtras);
            RequireKnown(context.Options.Groups, OptionTable.Group, source, source.HasGroups);
        }

        return source;
    }

    /// <summary>
    /// The source that would be installed with <c>auto</c>, where by default nothing is read that is there; null where there is none.
    /// </summary>
    public static IPackageSource? FindUnread(SourceContext context, DependencyFiles files)
    {
        if (context.Options.Dependencies != PackageChoice.Documented || files.Environment is not null || files.Setup is not null)
        {
            return null;
        }

        try
        {
            var first = First(context);
            if (first is UnusableSource unusable)
            {
                context.Tools.Log.Debug("{Reason}", unusable.Failure.Message);
            }

            return first is UnusableSource or RequirementsFile or { InstallsNothing: true } ? null : first;
        }
        catch (EntrypointException exception)
        {
            // Nobody has asked for it.
            context.Tools.Log.Debug("{Reason}", exception.Message);
            return null;
        }
    }

    /// <summary>The files that are looked for.</summary>
    public static IEnumerable<string> FileNames(PackageChoice choice) => choice == PackageChoice.Documented
        ? [DependencyFiles.RequirementsName]
        : [DependencyFiles.RequirementsName, .. PyLockFile.Names, UvLockFile.FileName, ProjectFile.FileName, ProjectSource.SetupName];

    private static IPackageSource? First(SourceContext context) =>
        All.Select(entry => Usable(context, entry.File, entry.Find)).FirstOrDefault(source => source is not null);

    private static IPackageSource? Named(SourceContext context, PackageChoice choice)
    {
        var (_, file, find) = Array.Find(All, entry => entry.Choice == choice);
        return Usable(context, file, find);
    }

    /// <summary>One that is there and broken counts as there: it fails when its turn comes.</summary>
    private static IPackageSource? Usable(SourceContext context, Func<SourceContext, string> file, Func<SourceContext, IPackageSource?> find)
    {
        try
        {
            return find(context);
        }
        catch (EntrypointException exception) when (exception.Code == ExitCode.PreparationFailed)
        {
            return new UnusableSource(file(context), exception);
        }
    }

    private static void RequireKnown(IReadOnlyCollection<string> names, string option, IPackageSource source, bool hasSome)
    {
        if (names.Count > 0 && !hasSome)
        {
            throw new EntrypointException(
                ExitCode.Usage,
                $"{option} {string.Join(',', names)} was given, and the packages come from {source.Name}, which has none to choose: leave it out, or name another source with --dependencies.");
        }
    }
}

using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>
/// Builds one project without leaving anything in its folder, which need not be writable: setuptools puts what it makes on the way where
/// <c>DIST_EXTRA_CONFIG</c> says, and the wheel goes to a private folder. Each build has places of its own, since setuptools packs
/// whatever an earlier one has left there.
/// </summary>
/// <param name="Folder">The private folder; removed at the end of the run.</param>
internal sealed record PrivateBuild(string Folder)
{
    private const string ExtraConfiguration = "DIST_EXTRA_CONFIG";

    /// <summary>Where the wheel goes.</summary>
    public string Wheels => Path.Combine(Folder, "wheels");

    /// <summary>Makes the folder.</summary>
    /// <exception cref="EntrypointException">73: it cannot be made.</exception>
    public static PrivateBuild Prepare(TemporaryFolders temporary)
    {
        var build = new PrivateBuild(temporary.Create("build"));
        var information = Path.Combine(build.Folder, "information");
        Directory.CreateDirectory(information);
        Directory.CreateDirectory(build.Wheels);
        File.WriteAllText(build.ConfigurationFile, $"[egg_info]\negg_base = {information}\n[build]\nbuild_base = {Path.Combine(build.Folder, "build")}\n");
        return build;
    }

    /// <summary>The command that builds the project in the folder that it runs in, or the one of a path.</summary>
    public static ImmutableArray<string> Command(string interpreter, string project = ".") =>
        [interpreter, "-m", "pip", "wheel", "--no-cache-dir", "--no-deps", project];

    /// <summary>The environment of the build. A configuration of the user's own stays.</summary>
    public ProcessEnvironment Environment(ProcessEnvironment environment) =>
        environment.With("PIP_WHEEL_DIR", Wheels).WithDefault(ExtraConfiguration, ConfigurationFile);

    /// <summary>The wheel that was built.</summary>
    /// <exception cref="EntrypointException">78: there is none.</exception>
    public string Wheel(string name) => Directory.EnumerateFiles(Wheels, "*.whl").FirstOrDefault()
        ?? throw new EntrypointException(ExitCode.PreparationFailed, $"{name} could not be applied: pip has built no wheel of it.");

    private string ConfigurationFile => Path.Combine(Folder, "setuptools.cfg");
}

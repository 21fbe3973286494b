using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Installs a lock file of the standard form (PEP 751) with pip.</summary>
internal sealed partial class PyLockFile(SourceContext context, string name) : IPackageSource
{
    /// <summary>The first pip that reads them.</summary>
    private static readonly Version FirstPip = new(26, 1);

    /// <summary>The names, best first: a service looks for its own name before.</summary>
    public static ImmutableArray<string> Names { get; } = ["pylock.entrypoint.toml", "pylock.toml"];

    public string Name => name;

    public string Summary => "locks packages, which are not installed";

    public bool IsAlwaysApart => true;

    public bool HasExtras => false;

    public bool HasGroups => false;

    public bool InstallsNothing => false;

    /// <summary>The source, where its file is there.</summary>
    public static IPackageSource? Find(SourceContext context) =>
        Names.FirstOrDefault(context.Has) is { } name ? new PyLockFile(context, name) : null;

    public void Describe(ContentDigest content)
    {
        content.AddFile("pylock", name);
        content.AddPlaces(LockedPlaces.In(context.ReadText(name)));
    }

    public ImmutableArray<string> Command(string interpreter) => [interpreter, "-m", "pip", "install", "--no-cache-dir", "-r", name];

    public void Require(PythonFacts? facts, string interpreter)
    {
    }

    public async Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken)
    {
        await RequirePipAsync(target, cancellationToken).ConfigureAwait(false);
        NotRead.Say(context, target.Facts, hasLock: true);
        await Pip.RunAsync(Command(target.Interpreter), target, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An older pip takes the lines of the file for requirements, and says that they are invalid.</summary>
    private async Task RequirePipAsync(PackageTarget target, CancellationToken cancellationToken)
    {
        var asked = await context.Tools.Runner.RunAsync(
            new ProcessCommand(target.Interpreter, ["-m", "pip", "--version"], Pip.Quiet(target.Environment)) { WorkingDirectory = "/" }, cancellationToken).ConfigureAwait(false);
        var match = PipVersion().Match(asked.Output);
        if (match.Success && Version.Parse(match.Groups["number"].Value) < FirstPip)
        {
            throw new EntrypointException(ExitCode.PreparationFailed, string.Create(
                CultureInfo.InvariantCulture,
                $"{name} could not be applied: pip {match.Groups["version"].Value} in {match.Groups["place"].Value} cannot read it; {FirstPip} or newer can. Upgrade pip in the image, or export the lock to requirements.txt."));
        }
    }

    [GeneratedRegex(@"^pip (?<version>(?<number>[0-9]{1,6}\.[0-9]{1,6})\S*) from (?<place>.*?) \(python")]
    private static partial Regex PipVersion();
}

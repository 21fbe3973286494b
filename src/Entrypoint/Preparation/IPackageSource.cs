using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Processes;
using Entrypoint.Store;

namespace Entrypoint.Preparation;

/// <summary>The Python that packages are installed into.</summary>
/// <param name="Interpreter">Its full path.</param>
/// <param name="VirtualEnvironment">The virtual environment that was made for them; null where the interpreter itself takes them.</param>
/// <param name="Environment">The environment variables of what is run to install them.</param>
/// <param name="CodeFolder">The folder to install from; nothing is written into it.</param>
/// <param name="Temporary">Where private folders are made.</param>
/// <param name="Facts">Of the Python that the job would run with otherwise; null where it does not tell.</param>
internal sealed record PackageTarget(
    string Interpreter, string? VirtualEnvironment, ProcessEnvironment Environment, string CodeFolder, TemporaryFolders Temporary, PythonFacts? Facts);

/// <summary>Where the Python packages come from. The third step installs the first source of <see cref="PackageSources"/> that is there.</summary>
internal interface IPackageSource
{
    /// <summary>Its file, or what else it is called in the plan and the report.</summary>
    string Name { get; }

    /// <summary>What it does, and that this is not done, for the line that says so where it is not read: "names 3 dependencies, which are not installed".</summary>
    string Summary { get; }

    /// <summary>Whether it has extras to choose.</summary>
    bool HasExtras { get; }

    /// <summary>Whether it has dependency groups to choose.</summary>
    bool HasGroups { get; }

    /// <summary>Whether it only says which Python is needed, so that no environment has to be made.</summary>
    bool InstallsNothing { get; }

    /// <summary>Whether it is never installed into the Python itself, but always into a virtual environment.</summary>
    bool IsAlwaysApart { get; }

    /// <summary>Adds all that decides what is installed.</summary>
    void Describe(ContentDigest content);

    /// <summary>The command that installs it, to be run in the code's folder, for the plan and the report.</summary>
    ImmutableArray<string> Command(string interpreter);

    /// <summary>Checks before anything is made or installed what can be told then.</summary>
    /// <param name="facts">Of the Python that the job would run with; null where it does not tell.</param>
    /// <exception cref="EntrypointException">78: it cannot be installed.</exception>
    void Require(PythonFacts? facts, string interpreter);

    /// <summary>Installs it.</summary>
    /// <exception cref="EntrypointException">78: it failed.</exception>
    Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken);
}

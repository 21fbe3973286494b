using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>The Python that packages are installed into.</summary>
/// <param name="Interpreter">Its full path.</param>
/// <param name="VirtualEnvironment">The virtual environment that was made for them; null where the interpreter itself takes them.</param>
/// <param name="Environment">The environment variables of what is run to install them.</param>
/// <param name="CodeFolder">The folder to install from; nothing is written into it.</param>
/// <param name="Facts">Of the Python that the job would run with otherwise; null where it does not tell.</param>
internal sealed record PackageTarget(
    string Interpreter, string? VirtualEnvironment, ProcessEnvironment Environment, string CodeFolder, PythonFacts? Facts);

/// <summary>Where the Python packages come from. The third step installs the first source of <see cref="PackageSources"/> that is there.</summary>
internal interface IPackageSource
{
    /// <summary>Its file, or what else it is called in the plan and the report.</summary>
    string Name { get; }

    /// <summary>Whether it is never installed into the Python itself, but always into a virtual environment.</summary>
    bool IsAlwaysApart { get; }

    /// <summary>Adds all that decides what is installed.</summary>
    void Describe(ContentDigest content);

    /// <summary>The command that installs it, to be run in the code's folder, for the plan and the report.</summary>
    ImmutableArray<string> Command(string interpreter);

    /// <summary>Installs it.</summary>
    /// <exception cref="EntrypointException">78: it failed.</exception>
    Task InstallAsync(PackageTarget target, StepProgress progress, CancellationToken cancellationToken);
}

using Entrypoint.Failures;
using Entrypoint.Preparation.Projects;

namespace Entrypoint.Preparation;

/// <summary>Whether the Python is one that the code runs with.</summary>
internal static class PythonCheck
{
    /// <summary>Checks it before anything is installed; a Python that does not tell its version is left to pip.</summary>
    /// <param name="asked">What the code asks for; null where it does not.</param>
    /// <param name="file">Where that stands.</param>
    /// <exception cref="EntrypointException">78: it is not.</exception>
    public static void Require(PythonVersions? asked, string file, PythonFacts? facts, string interpreter)
    {
        if (asked is not null && facts is not null && !asked.Contain(facts.Version))
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed, $"{file} asks for Python {asked.Text}, and {interpreter} is {facts.Version}. Choose another with --python.");
        }
    }
}

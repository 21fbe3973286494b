using Entrypoint.CommandLine;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Finds what makes conda environments: mamba, else micromamba, else conda.</summary>
internal static class CondaProgram
{
    private static readonly string[] Names = ["mamba", "micromamba", "conda"];

    /// <summary>The full path; null where none of the three is there.</summary>
    public static string? Find(Settings settings)
    {
        var environment = settings.Environment;
        foreach (var name in Names)
        {
            string?[] candidates =
            [
                ProgramPath.Find(name, environment),
                environment.TryGet("CONDA_EXE", out var named) && IsNamed(named, name) ? named : null,
                Path.Combine(settings.CondaRoot, "bin", name),
                Path.Combine(settings.CondaRoot, "condabin", name),
            ];
            if (Array.Find(candidates, candidate => candidate is not null && Path.IsPathRooted(candidate) && ProgramPath.IsExecutableFile(candidate)) is { } program)
            {
                return program;
            }
        }

        return null;
    }

    /// <summary>What <c>CONDA_EXE</c> names is a conda unless it is called otherwise.</summary>
    private static bool IsNamed(string program, string name) =>
        Array.Find(Names, known => string.Equals(Path.GetFileName(program), known, StringComparison.Ordinal)) is { } known
            ? string.Equals(known, name, StringComparison.Ordinal)
            : string.Equals(name, "conda", StringComparison.Ordinal);
}

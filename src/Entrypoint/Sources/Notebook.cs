using Entrypoint.Failures;

namespace Entrypoint.Sources;

/// <summary>Jupyter notebooks: JSON, which Python reads without an error and without running any of its cells.</summary>
internal static class Notebook
{
    /// <summary>Whether a name is that of a notebook.</summary>
    public static bool IsNamedLikeOne(string name) => name.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal of one.</summary>
    /// <param name="display">The reference as it may be shown.</param>
    /// <param name="name">The name or path of the notebook.</param>
    public static EntrypointException Refusal(string display, string name)
    {
        var file = name[(name.LastIndexOf('/') + 1)..];
        return new EntrypointException(
            ExitCode.DataError,
            $"{display} is a notebook, which Python cannot run: make a script of it (jupyter nbconvert --to script '{file}') and name that.");
    }
}

using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>What the job runs with: the environment variables of the activated environment, and the interpreter.</summary>
/// <param name="Environment">All variables of the job, but for those that name the code.</param>
/// <param name="ChosenInterpreter">Full path of the Python; null while no step has chosen one and none was looked for.</param>
internal sealed record PythonRuntime(ProcessEnvironment Environment, string? ChosenInterpreter)
{
    /// <summary>Full path of the Python, which has been chosen.</summary>
    public string Interpreter => ChosenInterpreter ?? throw new InvalidOperationException("No Python has been chosen yet.");

    /// <summary>The conda environment whose Python it is; null where it is another's.</summary>
    public CondaPrefix? Conda { get; init; }
}

using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>What the job runs with: the interpreter, and the environment variables of the activated environment.</summary>
/// <param name="Interpreter">Full path of the Python.</param>
/// <param name="Environment">All variables of the job, but for those that name the code.</param>
internal sealed record PythonRuntime(string Interpreter, ProcessEnvironment Environment);

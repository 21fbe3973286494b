using System.Text.Json;
using Entrypoint.Failures;
using Entrypoint.Processes;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>Asks a Python for its facts, once: they are kept in the state folder, since a Python takes longer to start than all the rest.</summary>
/// <param name="keeps">Whether the answers may be written down.</param>
internal sealed class PythonInspection(IProcessRunner runner, StateFolder state, ILogger log, bool keeps)
{
    private const string Folder = "interpreters";

    /// <summary>What else decides what a Python sees, besides its own files.</summary>
    private static readonly string[] Variables = ["HOME", "PYTHONHOME", "PYTHONPATH", "PYTHONUSERBASE", "PYTHONNOUSERSITE"];

    /// <summary>The facts of an interpreter; null where it does not answer as a Python does.</summary>
    /// <exception cref="EntrypointException">126 or 127: it cannot be started.</exception>
    public async Task<PythonFacts?> AskAsync(string interpreter, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        var file = Key(interpreter, environment) + ".json";
        if (state.Roots.Select(root => Known(Path.Combine(root, Folder, file))).FirstOrDefault(facts => facts is not null) is { } known)
        {
            return known;
        }

        // In "/", since Python looks for modules in the folder that it is started in; without writing byte code, since asking changes nothing.
        var command = new ProcessCommand(interpreter, ["-B", "-c", PythonFacts.Script], environment) { WorkingDirectory = "/" };
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded || PythonFacts.Read(result.Output) is not { } facts)
        {
            log.Debug("{Interpreter} does not say what it sees: it ended with {Status}. {Reason}", interpreter, result.Status.ToString(), FailureReason.Line(result.Error));
            return null;
        }

        Keep(facts, file);
        return facts;
    }

    private static string Key(string interpreter, ProcessEnvironment environment)
    {
        var text = string.Join('\0', Variables.Select(variable => environment[variable]).Prepend(InterpreterIdentity.Of(interpreter).Name));
        return Fingerprint.Of(text);
    }

    private static PythonFacts? Known(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), PreparationJson.Default.PythonFacts) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Only saves time: where it cannot be kept, nothing is said about it.</summary>
    private void Keep(PythonFacts facts, string file)
    {
        if (!keeps || !state.IsKept)
        {
            return;
        }

        try
        {
            state.Write(Folder, file, JsonSerializer.SerializeToUtf8Bytes(facts, PreparationJson.Default.PythonFacts));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EntrypointException)
        {
            return;
        }
    }
}

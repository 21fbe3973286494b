using System.Security.Cryptography;
using System.Text.Json;
using Entrypoint.Processes;

namespace Entrypoint.Preparation;

/// <summary>Asks a Python for its facts, once: they are kept in the state folder, since a Python takes longer to start than all the rest.</summary>
/// <param name="keeps">Whether the answers may be written down.</param>
internal sealed class PythonInspection(IProcessRunner runner, StateFolder state, bool keeps)
{
    private const string Folder = "interpreters";

    /// <summary>What else decides what a Python sees, besides its own files.</summary>
    private static readonly string[] Variables = ["HOME", "PYTHONHOME", "PYTHONPATH", "PYTHONUSERBASE", "PYTHONNOUSERSITE"];

    /// <summary>The facts of an interpreter.</summary>
    /// <exception cref="EntrypointException">126 or 127: it cannot be started; 78: it does not answer as a Python does.</exception>
    public async Task<PythonFacts> AskAsync(string interpreter, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        var file = Key(interpreter, environment) + ".json";
        if (state.Roots.Select(root => Known(Path.Combine(root, Folder, file))).FirstOrDefault(facts => facts is not null) is { } known)
        {
            return known;
        }

        // In "/", since Python looks for modules in the folder that it is started in.
        var command = new ProcessCommand(interpreter, ["-c", PythonFacts.Script], environment) { WorkingDirectory = "/" };
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded || PythonFacts.Read(result.Output) is not { } facts)
        {
            throw new EntrypointException(
                ExitCode.PreparationFailed,
                $"{interpreter} does not work as Python 3: it ended with {result.Status}{(FailureReason.Line(result.Error) is { } line ? $": {line}" : "")}. Set --python to another Python.");
        }

        Keep(facts, file);
        return facts;
    }

    private static string Key(string interpreter, ProcessEnvironment environment)
    {
        var text = string.Join('\0', Variables.Select(variable => environment[variable]).Prepend(InterpreterIdentity.Of(interpreter).Name));
        return Convert.ToHexStringLower(SHA256.HashData(OsText.Encode(text)))[..20];
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

using System.Text.Json;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Processes;
using Entrypoint.Store;
using Serilog;

namespace Entrypoint.Preparation;

/// <summary>What was asked before.</summary>
/// <param name="Packages">What the Python saw then (<see cref="PackageFolder.Digest"/>): with other packages it may answer otherwise.</param>
internal sealed record KnownPython(PythonFacts Facts, string Packages);

/// <summary>Asks a Python for its facts, once: they are kept in the state folder, since a Python takes longer to start than all the rest.</summary>
/// <param name="mayKeep">Whether the answers may be written down.</param>
/// <param name="refresh">Whether answers of earlier runs do not count.</param>
internal sealed class PythonInspection(IProcessRunner runner, StateFolder state, ILogger log, bool mayKeep, bool refresh)
{
    private const string Folder = "pythons";

    /// <summary>What else decides what a Python sees, besides its own files.</summary>
    private static readonly string[] Variables = ["HOME", "PYTHONHOME", "PYTHONPATH", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONPLATLIBDIR"];

    private readonly Dictionary<string, PythonFacts> _asked = new(StringComparer.Ordinal);

    /// <summary>The facts of an interpreter; null where it does not answer as a Python does.</summary>
    /// <exception cref="EntrypointException">126 or 127: it cannot be started.</exception>
    public async Task<PythonFacts?> AskAsync(string interpreter, ProcessEnvironment environment, CancellationToken cancellationToken)
    {
        var file = Key(interpreter, environment) + ".json";
        if (_asked.TryGetValue(file, out var asked))
        {
            return asked;
        }

        if (!refresh && Known(file) is { } known)
        {
            return _asked[file] = known;
        }

        // In "/", since Python looks for modules in the folder that it is started in; without writing byte code, since asking changes nothing.
        var command = new ProcessCommand(interpreter, ["-B", "-c", PythonFacts.Script], environment) { WorkingDirectory = "/" };
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded || PythonFacts.Read(result.Output) is not { } facts)
        {
            log.Debug("{Interpreter} does not say what it sees: it ended with {Status}. {Reason}", interpreter, result.Status.ToString(), FailureReason.Line(result.Error));
            return null;
        }

        // A launcher may start another one the next time.
        if (facts.Executable == FileCalls.RealPath(interpreter))
        {
            Keep(facts, file);
        }

        return _asked[file] = facts;
    }

    /// <summary>Only for this file, where a needless question costs some milliseconds: the time of the program may count.</summary>
    private static string Key(string interpreter, ProcessEnvironment environment)
    {
        var program = FileCalls.Status(interpreter);
        var text = string.Join('\0', Variables.Select(variable => environment[variable]));
        return Fingerprint.Of($"{interpreter}\0{FileCalls.RealPath(interpreter)}\0{program.Value.Size}\0{program.Value.Changed.UtcTicks}\0{text}");
    }

    private PythonFacts? Known(string file)
    {
        try
        {
            var known = state.Read(Folder, file) is { } content ? JsonSerializer.Deserialize(content, PreparationJson.Default.KnownPython) : null;
            return known is not null && known.Packages == PackageFolder.Digest(known.Facts.PackageFolders) ? known.Facts : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Only saves time: where it cannot be kept, nothing is said about it.</summary>
    private void Keep(PythonFacts facts, string file)
    {
        if (!mayKeep || !state.Keeps(Folder))
        {
            return;
        }

        try
        {
            var known = new KnownPython(facts, PackageFolder.Digest(facts.PackageFolders));
            state.Write(Folder, file, JsonSerializer.SerializeToUtf8Bytes(known, PreparationJson.Default.KnownPython));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EntrypointException)
        {
            return;
        }
    }
}

using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Linux;
using Entrypoint.Output;
using Entrypoint.Processes;

namespace Entrypoint.Sources.VersionControl;

/// <summary>A version control program: how it is run, and when it counts as stuck.</summary>
/// <param name="context">The run.</param>
/// <param name="program">Its full path.</param>
/// <param name="variables">Its environment.</param>
/// <param name="classify">Finds the reason of a failure in what it printed.</param>
internal sealed class FetchProgram(
    FetchContext context, string program, ProcessEnvironment variables, Func<string, FailureMatch> classify)
{
    /// <summary>When, and how often after that, the size of what was fetched is looked at, for programs that report no progress.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LaterLooks = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Its environment. It runs in other folders than this program, so a relative <c>TMPDIR</c> would lead elsewhere; and it calls <c>ssh</c>,
    /// which wants a user with an entry.
    /// </summary>
    public ProcessEnvironment Environment { get; } = UserEntry.AddTo(
        variables.TryGet("TMPDIR", out _) ? variables.With("TMPDIR", context.Temporary.Root) : variables, () => context.Temporary.Create("user"));

    /// <summary>Arguments in front of those of each step.</summary>
    public ImmutableArray<string> Leading { get; init; } = [];

    /// <summary>The same program with other variables.</summary>
    public FetchProgram With(ProcessEnvironment others) => new(context, program, others, classify) { Leading = Leading };

    /// <summary>Finds the program.</summary>
    /// <param name="package">The Debian package that has it.</param>
    /// <exception cref="FetchFailureException">It is not on the <c>PATH</c>.</exception>
    public static string Find(FetchContext context, string package, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (ProgramPath.TryFind(name, context.Options.Settings.Environment, out var path))
            {
                return path;
            }
        }

        throw new FetchFailureException(
            FailureKind.ProgramMissing, $"the program {names[0]} is not on the PATH; {Packages.Install(package)}");
    }

    /// <summary>Runs it and returns what it printed on standard output.</summary>
    /// <exception cref="FetchFailureException">It failed, or the server was silent for too long.</exception>
    public async Task<string> OutputAsync(FetchStep step, CancellationToken cancellationToken)
    {
        var result = await RunAsync(step, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? result.Output : throw Failure(result);
    }

    /// <summary>Runs it.</summary>
    /// <exception cref="FetchFailureException">The server was silent for too long.</exception>
    public async Task<ProcessResult> RunAsync(FetchStep step, CancellationToken cancellationToken)
    {
        context.Log.Debug("Running {Program} {Arguments}", program, step.Arguments);
        var limit = context.Options.FetchTimeout;

        // What is there before it starts is no sign of life.
        var before = step.Growing is { } already ? SizeOf(already) : 0;
        var command = new ProcessCommand(program, [.. Leading, .. step.Arguments], Environment)
        {
            WorkingDirectory = step.Folder,
            Input = step.Input,
            OnErrorLine = step.OnErrorLine,
            SilenceLimit = step.IsLocal ? null : limit,
            Activity = step.Growing is { } growing ? () => SizeOf(growing) - before : null,
        };

        using var watch = step is { Growing: { } folder, Progress: { } progress }
            ? context.Time.CreateTimer(_ => progress.Report(SizeOf(folder), null), null, FirstLook, LaterLooks)
            : null;
        var result = await context.Runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        if (result.Error.Length > 0)
        {
            context.Log.Debug("{Program} printed: {Text}", program, result.Error.TrimEnd());
        }

        return result.Silent
            ? throw new FetchFailureException(FailureKind.Silent, Silence.Words(limit))
            : result;
    }

    /// <summary>What a failed run means.</summary>
    public FetchFailureException Failure(ProcessResult result)
    {
        var text = result.Error.Length > 0 ? result.Error : result.Output;
        var (kind, words) = classify(text);
        return new FetchFailureException(kind, words.Length > 0 ? words : $"{Path.GetFileName(program)} ended with {result.Status}") { Output = text };
    }

    /// <summary>Bytes below a folder, and a little for each file; asked now and then.</summary>
    private static long SizeOf(string folder)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        try
        {
            return !OsFile.IsFolder(folder) ? 0 : new DirectoryInfo(folder).EnumerateFiles("*", everything).Sum(file => file.Exists ? file.Length + 1 : 0);
        }
        catch (IOException)
        {
            // It changes while it is looked at, so there is activity.
            return DateTime.UtcNow.Ticks;
        }
    }
}

/// <summary>One run of a <see cref="FetchProgram"/>.</summary>
/// <param name="Arguments">Without secrets.</param>
internal sealed record FetchStep(ImmutableArray<string> Arguments)
{
    /// <summary>The folder it runs in.</summary>
    public required string Folder { get; init; }

    /// <summary>What it reads.</summary>
    public byte[]? Input { get; init; }

    /// <summary>Takes its progress.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>The folder that grows as long as something comes from the server; null where nothing is stored.</summary>
    public string? Growing { get; init; }

    /// <summary>Shows the size of <see cref="Growing"/>; null where the program reports its progress itself.</summary>
    public TransferProgress? Progress { get; init; }

    /// <summary>Whether no server has a part in it, so that silence means nothing.</summary>
    public bool IsLocal { get; init; }
}

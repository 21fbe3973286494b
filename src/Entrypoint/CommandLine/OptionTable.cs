using System.Collections.Immutable;
using System.CommandLine;

namespace Entrypoint.CommandLine;

/// <summary>The options of the command line, each known by its name; what they mean for people is written here once, for the help page.</summary>
internal static class OptionTable
{
    public const string RequirementsOnly = "--requirements-only";
    public const string CodeOnly = "--code-only";
    public const string DryRun = "--dry-run";
    public const string KeepGoing = "--keep-going";
    public const string Sparse = "--sparse";
    public const string FetchTimeout = "--fetch-timeout";
    public const string Refresh = "--refresh";
    public const string Prune = "--prune";
    public const string Dependencies = "--dependencies";
    public const string Extra = "--extra";
    public const string Group = "--group";
    public const string Python = "--python";
    public const string WorkDir = "--workdir";
    public const string Timeout = "--timeout";
    public const string GracePeriod = "--grace-period";
    public const string Report = "--report";
    public const string LogFormatName = "--log-format";
    public const string LogLevelName = "--log-level";
    public const string Version = "--version";
    public const string Help = "--help";

    /// <summary>An option: a flag where <paramref name="Value"/> is null, else with a value of that name.</summary>
    public sealed record Entry(string Name, string? Value, string Meaning)
    {
        /// <summary>The environment variable that sets it; null for those that only the command line has.</summary>
        public string? Variable => Name is Version or Help ? null : $"ENTRYPOINT_{Name[2..].ToUpperInvariant().Replace('-', '_')}";
    }

    /// <summary>All of them, in the order of the help page.</summary>
    public static ImmutableArray<Entry> All { get; } =
    [
        new(RequirementsOnly, null, "prepare the environment, run nothing (for RUN while an image is built)"),
        new(CodeOnly, null, "prepare nothing, run the code in the environment that an earlier --requirements-only made"),
        new(DryRun, null, "print the plan as JSON; fetch, install and run nothing"),
        new(KeepGoing, null, "go on when a preparation step fails"),
        new(Sparse, null, "with #subdirectory, fetch that folder alone"),
        new(FetchTimeout, "DURATION", "how long a server may send nothing (default: 60s; 0: no limit)"),
        new(Refresh, null, "prepare again even when nothing changed"),
        new(Prune, "DURATION", "remove from the state folder what nothing has used for so long (30d), and end"),
        new(Dependencies, "WHAT", "where packages come from: documented (default), auto, or one source, such as pyproject.toml"),
        new(Extra, "NAMES", "extras of the project that are wanted too, comma-separated"),
        new(Group, "NAMES", "dependency groups of the project that are wanted too, comma-separated"),
        new(Python, "PROGRAM", "the interpreter, where no environment.yml makes one (default: python, else python3)"),
        new(WorkDir, "DIR", "working directory of the job; a relative DIR is taken from the code directory"),
        new(Timeout, "DURATION", "stop the job when it has run this long: 90s, 15m, 2h, or seconds (0: no limit)"),
        new(GracePeriod, "DURATION", "how long a process told to stop may take before it is killed"),
        new(Report, "FILE", "write the run report, as JSON"),
        new(LogFormatName, "text|json", "the form of the program's own log lines (default: text)"),
        new(LogLevelName, "LEVEL", "debug, info (default), warning or error"),
        new(Version, null, "print the version"),
        new(Help, null, "print this page"),
    ];

    /// <summary>The parser's command. What is no option stays unmatched; a mistyped one is recognised there.</summary>
    public static Command Command()
    {
        var command = new Command("entrypoint") { TreatUnmatchedTokensAsErrors = false };
        foreach (var entry in All)
        {
            command.Options.Add(entry.Value is null
                ? new Option<bool>(entry.Name, entry.Name == Help ? ["-h"] : []) { Arity = ArgumentArity.ZeroOrOne }
                : new Option<string[]>(entry.Name) { AllowMultipleArgumentsPerToken = false });
        }

        return command;
    }
}

using System.Collections.Immutable;
using Entrypoint.Failures;
using Entrypoint.Output;
using Entrypoint.Processes;

namespace Entrypoint.CommandLine;

/// <summary>What the command line asks for.</summary>
internal abstract record Request
{
    /// <summary>Print the help page.</summary>
    public sealed record Help : Request;

    /// <summary>Print the version.</summary>
    public sealed record Version : Request;

    /// <summary>Do what the options say.</summary>
    public sealed record Run(Options Options) : Request;
}

/// <summary>Arguments and environment in, one validated record out; nothing is touched.</summary>
internal static class OptionsReader
{
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="secrets">Learns the tokens that the environment holds.</param>
    /// <exception cref="EntrypointException">64.</exception>
    public static Request Read(ImmutableArray<string> arguments, ProcessEnvironment environment, string currentDirectory, Secrets secrets)
    {
        var (words, jobArguments) = Split(arguments, environment);
        var values = OptionValues.Read(words, environment);
        if (values.Flag(OptionTable.Help))
        {
            return new Request.Help();
        }

        if (values.Flag(OptionTable.Version))
        {
            return new Request.Version();
        }

        var given = Code(values.Words, environment);
        var fromEnvironment = given is null && environment.TryGet("EXECUTE_CODE", out _);
        var code = given ?? (fromEnvironment ? environment["EXECUTE_CODE"] : null);
        var (dependencies, extras, groups) = Packages(values);
        return new Request.Run(new Options
        {
            Code = code,
            CodeFromEnvironment = fromEnvironment,
            Mode = Mode(values, code),
            DryRun = values.Flag(OptionTable.DryRun),
            KeepGoing = values.Flag(OptionTable.KeepGoing),
            Sparse = values.Flag(OptionTable.Sparse),
            Refresh = values.Flag(OptionTable.Refresh),
            Prune = values.Value<TimeSpan?>(OptionTable.Prune, (source, text) => ValueReader.Duration(source, text), null),
            Dependencies = dependencies,
            Extras = extras,
            Groups = groups,
            FetchTimeout = FetchTimeout(values),
            Python = values.Value<string?>(OptionTable.Python, ValueReader.Text, null),
            WorkDir = values.Value<string?>(OptionTable.WorkDir, ValueReader.Text, null),
            Timeout = values.Value(OptionTable.Timeout, ValueReader.Limit, null),
            GracePeriod = values.Value<TimeSpan?>(OptionTable.GracePeriod, (source, text) => ValueReader.Duration(source, text), null),
            ReportFile = values.Value<string?>(OptionTable.Report, ValueReader.Text, null) is { } file ? Path.GetFullPath(file, currentDirectory) : null,
            LogFormat = values.Value(OptionTable.LogFormatName, ValueReader.LogFormat, LogFormat.Text),
            LogLevel = values.Value(OptionTable.LogLevelName, ValueReader.LogLevel, Serilog.Events.LogEventLevel.Information),
            JobArguments = jobArguments,
            Settings = SettingsReader.Read(environment, currentDirectory, secrets),
        });
    }

    /// <summary>The words that are ours, and those that are the job's.</summary>
    public static (ImmutableArray<string> Words, ImmutableArray<string> JobArguments) Split(ImmutableArray<string> arguments, ProcessEnvironment environment)
    {
        var separator = arguments.IndexOf("--");
        var words = LegacyWords.Drop(separator < 0 ? arguments : arguments[..separator], environment.Get("RESOURCES_PATH", "/resources"));
        return (words, separator < 0 ? [] : arguments[(separator + 1)..]);
    }

    private static TimeSpan FetchTimeout(OptionValues values) =>
        values.Value(OptionTable.FetchTimeout, ValueReader.Limit, Options.DefaultFetchTimeout) is { } limit && limit < Options.NoLimit
            ? limit
            : Options.NoLimit;

    private static (PackageChoice Choice, ImmutableArray<string> Extras, ImmutableArray<string> Groups) Packages(OptionValues values)
    {
        var choice = values.Value(OptionTable.Dependencies, ValueReader.PackageChoice, PackageChoice.Documented);
        var extras = Of(OptionTable.Extra, "extras", PackageChoices.HasExtras);
        return (choice, extras, Of(OptionTable.Group, "dependency groups", PackageChoices.HasGroups));

        ImmutableArray<string> Of(string option, string what, Func<PackageChoice, bool> knows)
        {
            if (values.Values(option) is not var (source, text))
            {
                return [];
            }

            var names = ValueReader.Names(source, text);
            return names.IsEmpty || knows(choice)
                ? names
                : throw new EntrypointException(
                    ExitCode.Usage,
                    $"{source} needs a source of packages that has {what}, and {PackageChoices.WordOf(choice)} has none: set --dependencies to {string.Join(", ", PackageChoices.Words.Where(word => knows(PackageChoices.Of(word)!.Value)))}.");
        }
    }

    private static string? Code(ImmutableArray<string> words, ProcessEnvironment environment)
    {
        if (words.FirstOrDefault(word => word.StartsWith('-')) is { } unknown)
        {
            var hint = NearestOption.To(unknown) is { } nearest ? $" Did you mean {nearest}?" : " See --help for all options.";
            throw new EntrypointException(ExitCode.Usage, $"Unknown option {unknown}.{hint} Arguments of the job go after --.{ProgramHint(words, environment)}");
        }

        return words switch
        {
            [] => null,
            [""] => throw new EntrypointException(ExitCode.Usage, "The code to run is an empty text: give a path, a VCS URL, a web address or a Lab data key."),
            [var code] => code,
            _ => throw new EntrypointException(
                ExitCode.Usage,
                $"One code can be run, but {words.Length} words were given: {SafeAddress.Of(string.Join(' ', words))}. Arguments of the job go after --.{ProgramHint(words, environment)}"),
        };
    }

    /// <summary>For <c>docker run image bash -c …</c>.</summary>
    private static string ProgramHint(ImmutableArray<string> words, ProcessEnvironment environment) =>
        words[0] is var first && !first.Contains('/', StringComparison.Ordinal) && ProgramPath.TryFind(first, environment, out _)
            ? $" To run the program {first} in place of this one: docker run --entrypoint {first} …"
            : "";

    private static RunMode Mode(OptionValues values, string? code)
    {
        // What the command line says about the mode wins over both variables.
        var onCommandLine = values.IsOnCommandLine(OptionTable.RequirementsOnly) || values.IsOnCommandLine(OptionTable.CodeOnly);
        bool IsSet(string name) => (!onCommandLine || values.IsOnCommandLine(name)) && values.Flag(name);
        return (IsSet(OptionTable.RequirementsOnly), IsSet(OptionTable.CodeOnly), code) switch
        {
            (true, true, _) => throw new EntrypointException(
                ExitCode.Usage, "--requirements-only and --code-only exclude each other: the one runs nothing, the other prepares nothing. Give one of them, or neither."),
            (true, _, null) => throw NoCode(OptionTable.RequirementsOnly),
            (_, true, null) => throw NoCode(OptionTable.CodeOnly),
            (true, _, _) => RunMode.RequirementsOnly,
            (_, true, _) => RunMode.CodeOnly,
            (_, _, null) => RunMode.Workspace,
            _ => RunMode.Full,
        };
    }

    private static EntrypointException NoCode(string flag) =>
        new(ExitCode.Usage, $"{flag} needs code: set EXECUTE_CODE, or give the code as an argument.");
}

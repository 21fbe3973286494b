using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Entrypoint.Failures;
using Entrypoint.Processes;

namespace Entrypoint.CommandLine;

/// <summary>The options' values, from the command line where it has them, else from <c>ENTRYPOINT_…</c> variables.</summary>
internal sealed class OptionValues
{
    private readonly ParseResult _result;
    private readonly ProcessEnvironment _environment;

    private OptionValues(ImmutableArray<string> words, ParseResult result, ProcessEnvironment environment) =>
        (Words, _result, _environment) = (words, result, environment);

    /// <summary>The words that belong to no option.</summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>Reads the words in front of <c>--</c>.</summary>
    /// <exception cref="EntrypointException">64: a value is missing or superfluous.</exception>
    public static OptionValues Read(ImmutableArray<string> words, ProcessEnvironment environment)
    {
        var values = ReadWhatCanBe([.. words.Select(Plain)], environment);
        if (values._result.Errors is [var error, ..])
        {
            throw new EntrypointException(ExitCode.Usage, error.SymbolResult is OptionResult { Tokens: [], Option: var option } ? Missing(option.Name) : $"{error.Message} See --help.");
        }

        return values;
    }

    private static string Missing(string name) =>
        $"{name} needs a value: {name} {OptionTable.All.First(entry => entry.Name == name).Value}. See --help.";

    /// <summary>The parser would take what stands behind a flag's <c>=</c>, and is no truth value in its words, for a word of its own.</summary>
    private static string Plain(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign && OptionTable.All.Any(entry => entry.Value is null && entry.Name == word[..sign])
            ? $"{word[..sign]}={ValueReader.Boolean(word[..sign], word[(sign + 1)..])}"
            : word;

    /// <summary>The same where something is wrong with them: an option that cannot be read may throw when it is asked for.</summary>
    public static OptionValues ReadWhatCanBe(ImmutableArray<string> words, ProcessEnvironment environment)
    {
        // The parser would take a first word in brackets for a directive to itself.
        ImmutableArray<string> bracketed = words is [['[', ..], ..] ? [words[0]] : [];
        var result = OptionTable.Command().Parse([.. words[bracketed.Length..]], new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        return new OptionValues([.. bracketed, .. result.UnmatchedTokens], result, environment);
    }

    /// <summary>Whether the command line has the option.</summary>
    public bool IsOnCommandLine(string name) => _result.GetResult(name) is OptionResult { Implicit: false };

    /// <summary>Whether a flag is set.</summary>
    public bool Flag(string name)
    {
        if (IsOnCommandLine(name))
        {
            return _result.GetValue<bool>(name);
        }

        return FromEnvironment(name) is var (source, text) && ValueReader.Boolean(source, text);
    }

    /// <summary>The value of an option and where it comes from, for messages; null where it is not set.</summary>
    public (string Source, string Text)? Value(string name)
    {
        if (!IsOnCommandLine(name))
        {
            return FromEnvironment(name);
        }

        return _result.GetValue<string[]>(name) is [.., var last] ? (name, last) : null;
    }

    /// <summary>The value of an option, read by the function; the fallback where it is not set.</summary>
    public T Value<T>(string name, Func<string, string, T> read, T fallback) =>
        Value(name) is var (source, text) ? read(source, text) : fallback;

    /// <summary>All values of an option that may be given several times, with commas between; null where it is not set.</summary>
    public (string Source, string Text)? Values(string name) =>
        IsOnCommandLine(name) ? (name, string.Join(',', _result.GetValue<string[]>(name) ?? [])) : FromEnvironment(name);

    private (string Source, string Text)? FromEnvironment(string name)
    {
        var variable = OptionTable.All.First(entry => entry.Name == name).Variable;
        return variable is not null && _environment.TryGet(variable, out var text) ? (variable, text) : null;
    }
}

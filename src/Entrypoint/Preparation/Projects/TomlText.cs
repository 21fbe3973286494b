using Entrypoint.Failures;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Serialization;

namespace Entrypoint.Preparation.Projects;

/// <summary>A TOML text of the user's, read as a tree. Whatever it holds that was not expected is a message that names the place.</summary>
internal sealed class TomlText
{
    private readonly string _name;
    private readonly string _path;
    private readonly TomlTable _table;

    private TomlText(string name, string path, TomlTable table) => (_name, _path, _table) = (name, path, table);

    /// <summary>The keys of the table, in their order.</summary>
    public IEnumerable<string> Keys => _table.Keys;

    /// <summary>Reads a text.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="EntrypointException">78: it is no TOML.</exception>
    public static TomlText Read(string text, string name)
    {
        try
        {
            return new TomlText(name, "", TomlSerializer.Deserialize(text, TomlTables.Default.TomlTable) ?? []);
        }
        catch (TomlException exception)
        {
            // The converter wraps what the parser says.
            var cause = exception.InnerException as TomlException ?? exception;
            throw Unreadable(name, $"{(cause.Line is null ? "" : $"line {cause.Line}, column {cause.Column}: ")}{Words(cause.Message)}", exception);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The parser trips over some of what is no TOML (a surrogate behind a backslash, say) before it can say so.
            throw Unreadable(name, "it is no TOML.", exception);
        }
    }

    /// <summary>The table of that key; null where there is none.</summary>
    /// <exception cref="EntrypointException">78: it is something else.</exception>
    public TomlText? Table(string key) => Value(key) switch
    {
        null => null,
        TomlTable table => new TomlText(_name, PathOf(key), table),
        _ => throw Wrong(key, "a table"),
    };

    /// <summary>The tables in the array of that key; none where there is no such key.</summary>
    /// <exception cref="EntrypointException">78: it is something else.</exception>
    public IReadOnlyList<TomlText> Tables(string key) => Value(key) switch
    {
        null => [],
        TomlTableArray tables => [.. tables.Select(table => new TomlText(_name, PathOf(key), table))],
        TomlArray array when array.All(item => item is TomlTable) => [.. array.Cast<TomlTable>().Select(table => new TomlText(_name, PathOf(key), table))],
        _ => throw Wrong(key, "an array of tables"),
    };

    /// <summary>The text of that key; null where there is none.</summary>
    /// <exception cref="EntrypointException">78: it is something else.</exception>
    public string? Text(string key) => Value(key) switch
    {
        null => null,
        string text => text,
        _ => throw Wrong(key, "a text"),
    };

    /// <summary>The truth value of that key; null where there is none.</summary>
    /// <exception cref="EntrypointException">78: it is something else.</exception>
    public bool? Flag(string key) => Value(key) switch
    {
        null => null,
        bool flag => flag,
        _ => throw Wrong(key, "true or false"),
    };

    /// <summary>The texts of that key; none where there is no such key.</summary>
    /// <exception cref="EntrypointException">78: it is something else.</exception>
    public IReadOnlyList<string> Texts(string key) => Value(key) switch
    {
        null => [],
        TomlArray array when array.All(item => item is string) => [.. array.Cast<string>()],
        _ => throw Wrong(key, "an array of texts"),
    };

    /// <summary>What stands in the array of that key: texts, and tables with one text of the given key, which the function makes one of.</summary>
    /// <exception cref="EntrypointException">78: it is something else.</exception>
    public IReadOnlyList<T> Mixed<T>(string key, string tableKey, Func<string, T> ofText, Func<string, T> ofTable) => Value(key) switch
    {
        TomlArray array => [.. array.Select(item => Item(item, key, tableKey, ofText, ofTable))],
        TomlTableArray tables => [.. tables.Select(table => Item(table, key, tableKey, ofText, ofTable))],
        _ => throw Wrong(key, "an array"),
    };

    /// <summary>A failure that names a key.</summary>
    public EntrypointException Wrong(string key, string expected) => Unreadable(_name, $"{PathOf(key)} is not {expected}.", null);

    /// <summary>A failure of the whole text.</summary>
    public static EntrypointException Unreadable(string name, string reason, Exception? cause) => cause is null
        ? new EntrypointException(ExitCode.PreparationFailed, $"{name} could not be read: {reason}")
        : new EntrypointException(ExitCode.PreparationFailed, $"{name} could not be read: {reason}", cause);

    private T Item<T>(object? item, string key, string tableKey, Func<string, T> ofText, Func<string, T> ofTable) => item switch
    {
        string text => ofText(text),
        TomlTable { Count: 1 } table when table.TryGetValue(tableKey, out var value) && value is string text => ofTable(text),
        _ => throw Wrong(key, $"an array of texts and of tables with the one key {tableKey}"),
    };

    private object? Value(string key) => _table.TryGetValue(key, out var value) ? value : null;

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    /// <summary>Without the place in front, which is said in our own words.</summary>
    private static string Words(string message)
    {
        var start = message.IndexOf("error : ", StringComparison.Ordinal);
        var line = (start < 0 ? message : message[(start + "error : ".Length)..]).ReplaceLineEndings(" ").Trim();
        return line.EndsWith('.') ? line : line + ".";
    }
}

/// <summary>How Tomlyn reads a tree without reflection.</summary>
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class TomlTables : TomlSerializerContext;

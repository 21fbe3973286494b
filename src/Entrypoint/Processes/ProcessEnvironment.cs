using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Entrypoint.Linux;

namespace Entrypoint.Processes;

/// <summary>
/// An immutable set of environment variables: the one this program was started with, and those made from it for its children. Values
/// keep bytes that are not UTF-8 (<see cref="OsText"/>).
/// </summary>
internal sealed class ProcessEnvironment
{
    private readonly ImmutableDictionary<string, string> _variables;

    private ProcessEnvironment(ImmutableDictionary<string, string> variables) => _variables = variables;

    /// <summary>No variables at all.</summary>
    public static ProcessEnvironment Empty { get; } = new(ImmutableDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>All variables, in no order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables => _variables;

    /// <summary>The value of a variable; null where it is not set. An empty value is returned as such.</summary>
    public string? this[string name] => _variables.GetValueOrDefault(name);

    /// <summary>The environment that this program was started with.</summary>
    public static unsafe ProcessEnvironment Current()
    {
        var builder = Empty._variables.ToBuilder();
        for (var entry = *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ"); *entry != null; entry++)
        {
            var text = OsText.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry));
            var separator = text.IndexOf('=', StringComparison.Ordinal);
            if (separator > 0)
            {
                // getenv takes the first of two, and so does this.
                builder.TryAdd(text[..separator], text[(separator + 1)..]);
            }
        }

        return new ProcessEnvironment(builder.ToImmutable());
    }

    /// <summary>An environment of the given variables.</summary>
    public static ProcessEnvironment From(IEnumerable<KeyValuePair<string, string>> variables) =>
        new(Empty._variables.SetItems(variables));

    /// <summary>The value of a variable that is set and not empty.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        value = this[name];
        return !string.IsNullOrEmpty(value);
    }

    /// <summary>The value of a variable that is set and not empty, else the given one.</summary>
    public string Get(string name, string fallback) => TryGet(name, out var value) ? value : fallback;

    /// <summary>The same with the variable set.</summary>
    public ProcessEnvironment With(string name, string value) => new(_variables.SetItem(name, value));

    /// <summary>The same with the variables set.</summary>
    public ProcessEnvironment With(IEnumerable<KeyValuePair<string, string>> variables) => new(_variables.SetItems(variables));

    /// <summary>The same with the variable set where it is not set yet.</summary>
    public ProcessEnvironment WithDefault(string name, string value) => _variables.ContainsKey(name) ? this : With(name, value);

    /// <summary>The same without the variables.</summary>
    public ProcessEnvironment Without(params IEnumerable<string> names) => new(_variables.RemoveRange(names));

    /// <summary>The same with a folder in front of the <c>PATH</c>.</summary>
    public ProcessEnvironment WithPathPrefix(string folder) =>
        With("PATH", TryGet("PATH", out var path) ? $"{folder}:{path}" : $"{folder}:{ProgramPath.DefaultSearchPath}");
}

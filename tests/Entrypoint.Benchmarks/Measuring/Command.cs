namespace Entrypoint.Benchmarks.Measuring;

/// <summary>A process to be measured.</summary>
/// <param name="Words">The program's full path or its name on the <c>PATH</c>, and its arguments.</param>
internal sealed record Command(params string[] Words)
{
    /// <summary>Set beside what the benchmark itself was given; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where it runs.</summary>
    public string Folder { get; init; } = "/";

    /// <summary>A line for <c>/bin/sh</c>, as somebody would type it.</summary>
    public static Command Shell(string line) => new("/bin/sh", "-ec", line);

    /// <summary>The environment as <c>NAME=value</c>.</summary>
    public IEnumerable<string> FullEnvironment()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            all[(string)variable.Key] = (string)variable.Value!;
        }

        foreach (var (name, value) in Environment)
        {
            if (value is null)
            {
                all.Remove(name);
            }
            else
            {
                all[name] = value;
            }
        }

        return all.Select(variable => $"{variable.Key}={variable.Value}");
    }
}

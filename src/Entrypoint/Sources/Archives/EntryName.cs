using Entrypoint.Failures;

namespace Entrypoint.Sources.Archives;

/// <summary>Checks the names that an archive gives to its entries; nothing is touched.</summary>
internal static class EntryName
{
    /// <summary>The names of the folders and, last, of the entry itself, below the folder that is unpacked to; empty for that folder.</summary>
    /// <exception cref="EntrypointException">65: an absolute name, <c>..</c>, or a name that no file can have.</exception>
    public static string[] Parts(string name, string display)
    {
        if (name.StartsWith('/') || name.Contains('\0', StringComparison.Ordinal))
        {
            throw Unsafe(name, display);
        }

        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Array.Exists(parts, part => part is ".."))
        {
            throw Unsafe(name, display);
        }

        return Array.Exists(parts, part => part is ".") ? Array.FindAll(parts, part => part is not ".") : parts;
    }

    /// <summary>The name for a message: one line, not endless.</summary>
    public static string Show(string name)
    {
        const int Longest = 200;
        var text = string.Concat(name.Take(Longest).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
        return name.Length > Longest ? text + "…" : text;
    }

    private static EntrypointException Unsafe(string name, string display) => new(
        ExitCode.DataError,
        $"{display} is not unpacked: its entry '{Show(name)}' would be written outside the folder. Pack it with relative names without '..'.");
}
